/** The operator's file of models: which there are, where each runs, how it is reached. */

import { isIP } from "node:net";
import { parseDuration } from "@kintsugi/core";
import { parseDocument } from "yaml";
import { z } from "zod";
import { inWords } from "../wording.ts";

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, "may hold letters, digits, . _ - (at most 63), a letter or digit first");
const file = z.string().min(1).max(4_096);
const timeout = z
  .string()
  .refine((text) => (parseDuration(text) ?? 0) >= 100 && (parseDuration(text) ?? 0) <= 30_000, "must be a duration from 100ms to 30s: write for example 5s");

const BuiltIn = z.strictObject({ name, folder: file, threshold: z.number().optional() });
const Served = z
  .strictObject({
    name,
    url: z
      .string()
      .max(2_048)
      .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), "is no address: write for example https://detector.ml.svc:8443"),
    protocol: z.enum(["v1", "v2"]).default("v2"),
    servedAs: z
      .string()
      .min(1)
      .max(253)
      // Every other name stays one segment of a path when it is escaped; these two mean another path even then.
      .refine((text) => text !== "." && text !== "..", "is no name")
      .optional(),
    caFile: file.optional(),
    tokenFile: file.optional(),
    timeout: timeout.default("5s"),
  })
  .superRefine(({ url, tokenFile }, context) => {
    if (!URL.canParse(url)) return;
    const { username, password, search, hash, protocol, hostname } = new URL(url);
    const say = (message: string) => context.addIssue({ code: "custom", path: ["url"], message });
    if (username !== "" || password !== "") say("may hold no user or password: put a token into a file and name it as `tokenFile`");
    if (search !== "" || hash !== "") say("may hold no query and no fragment");
    if (tokenFile !== undefined && protocol === "http:" && !isLoopback(hostname))
      say("is not encrypted, so the token of `tokenFile` would be readable on its way: write https://");
  });
const MOST_MODELS = 50;

export type BuiltInEntry = z.infer<typeof BuiltIn>;
export type ServedEntry = z.infer<typeof Served>;
export type ModelEntry = BuiltInEntry | ServedEntry;

export type ReadModels = { readonly ok: true; readonly models: readonly ModelEntry[] } | { readonly ok: false; readonly problems: readonly string[] };

/** Every problem names the entry and the field, never the value of one. */
export function readModels(text: string): ReadModels {
  const read = z.strictObject({ models: z.array(z.unknown()).max(MOST_MODELS) }).safeParse(documentIn(text), { error: inWords });
  if (!read.success) return { ok: false, problems: ["must be YAML with one list, `models:`", ...read.error.issues.map(problemText([]))] };
  const models: ModelEntry[] = [];
  const problems: string[] = [];
  read.data.models.forEach((entry, place) => {
    const at = ["models", place];
    const isBuiltIn = typeof entry === "object" && entry !== null && "folder" in entry;
    const each = (isBuiltIn ? BuiltIn : Served).safeParse(entry, { error: inWords });
    if (!each.success) problems.push(...each.error.issues.map(problemText(at)));
    else if (models.some((other) => other.name === each.data.name)) problems.push(`${at.join(".")}.name: ${each.data.name} is there already`);
    else models.push(each.data);
  });
  return problems.length > 0 ? { ok: false, problems } : { ok: true, models };
}

/** Undefined where it is no YAML; aliases are not followed. */
function documentIn(text: string): unknown {
  try {
    const document = parseDocument(text, { prettyErrors: false });
    return document.errors.length > 0 ? undefined : document.toJS({ maxAliasCount: 0 });
  } catch {
    return undefined;
  }
}

function problemText(at: readonly PropertyKey[]) {
  return ({ path, message }: z.core.$ZodIssue): string => `${[...at, ...path].join(".")}: ${message}`;
}

export function isLoopback(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, "");
  return bare === "localhost" || bare === "::1" || (isIP(bare) === 4 && bare.startsWith("127."));
}
