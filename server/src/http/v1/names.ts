/** Names in requests: by the rules of DNS, so that none can ever be part of a query or a path. */
import { z } from "zod";

const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";

/** DNS-1123 label. */
export const namespaceName = z.string().regex(new RegExp(`^${LABEL}$`), "is not the name of a namespace: lower-case letters, digits and -, at most 63");

/** DNS-1123 subdomain. */
export const dnsName = z
  .string()
  .max(253)
  .regex(new RegExp(`^${LABEL}(?:\\.${LABEL})*$`), "is not a name: lower-case letters, digits, - and ., at most 253");

export const modelName = z
  .string()
  .max(253)
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/, "is not the name of a model: letters, digits, . _ and -");

/** `true`, `false` as they come in a query. */
export const flag = z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]);

/** Text of people, without control characters other than line breaks and tabs. */
export function text(max: number) {
  return (
    z
      .string()
      .trim()
      .min(1, "must not be empty")
      .max(max)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is kept out
      .regex(/^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$/, "holds control characters")
  );
}
