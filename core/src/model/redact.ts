/**
 * Keeps secrets out of everything that is stored, shown or logged.
 *
 * A replaced value becomes `redacted:sha256:<16 hex>`: two objects can still be compared for having the same value, and a
 * change of it is still seen. It is a name for the value, not a protection of a value that can be guessed. Of a URL with credentials the host is
 * kept behind it (`redacted:sha256:...@orders-db:5432`): who calls whom is no secret.
 */
import { sha256Hex } from "./sha256.ts";

export const REDACTED = "redacted:sha256:";

const SECRET_NAME = /password|passwd|token|secret|api_?key|private_?key|credential/i;
/** `--db-password=x`, `-token=x`, `PASSWORD=x` as one argument: the name before `=` ends in a secret word. */
const SECRET_ASSIGNMENT = /^([\w./-]*(?:password|passwd|token|secret|api[-_]?key|private[-_]?key|credentials?)=)(.+)$/is;
/** `--password`, whose value is the next argument. */
const SECRET_FLAG = /^--?[\w.-]*(?:password|passwd|token|secret|api[-_]?key|private[-_]?key|credentials?)$/i;
/** `scheme://user:password@`, and any user part of an HTTP URL, which is how access tokens are written; `ssh://git@` is no secret. */
const URL_CREDENTIALS = /\b(https?:\/\/)[^\s/"'<>]{1,500}@|\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/:"'<>]{0,200}:[^\s/"'<>]{1,500}@/gi;

/** Begins a redacted URL whose address is kept: `redacted:sha256:<16 hex>@orders-db:5432`. */
export const REDACTED_HOST = /^redacted:sha256:[0-9a-f]{16}@/;

/** Credentials, and then a host that can be nothing else: lower-case names and a port, and no further `@`, which a password may hold. */
const URL_WITH_HOST = /^[a-z][a-z0-9+.:-]{0,30}:\/\/[^\s/"'<>]{1,500}@([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::\d{1,5})?)(?:[/?#][^@]*)?$/;

/** As `redactedValue` for a URL with credentials; who is called stays readable where that gives nothing else away. */
function redactedUrl(url: string): string {
  const host = URL_WITH_HOST.exec(url)?.[1];
  return host === undefined ? redactedValue(url) : `${redactedValue(url)}@${host}`;
}

/** The name that stands for a value that must not be kept. */
export function redactedValue(value: string): string {
  return value.startsWith(REDACTED) ? value : REDACTED + sha256Hex(value).slice(0, 16);
}

/** Whether a name (of a variable, a key) says that its value is a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** Whether the text holds a URL with a user or password in it. */
export function hasUrlCredentials(text: string): boolean {
  if (!text.includes("://")) return false;
  URL_CREDENTIALS.lastIndex = 0;
  return URL_CREDENTIALS.test(text);
}

/** Takes user and password out of the URLs in a text. */
export function withoutUrlCredentials(text: string): string {
  return text.includes("://") ? text.replace(URL_CREDENTIALS, "$1$2") : text;
}

/** An environment variable's literal, replaced where its name or its value gives it away. */
export function redactEnvValue(name: string, value: string): string {
  if (value === "") return value;
  if (isSecretName(name)) return redactedValue(value);
  return hasUrlCredentials(value) ? redactedUrl(value) : value;
}

/** A container's command or arguments with secret values replaced. */
export function redactArguments(args: readonly string[]): readonly string[] {
  return args.map((arg, i) => {
    if (arg !== "" && !arg.startsWith("-") && SECRET_FLAG.test(args[i - 1] ?? "")) return redactedValue(arg);
    const assigned = SECRET_ASSIGNMENT.exec(arg);
    if (assigned !== null) return `${assigned[1]}${redactedValue(assigned[2] ?? "")}`;
    if (!hasUrlCredentials(arg)) return arg;
    const option = /^(-{1,2}[\w.-]+=)([a-z].*)$/is.exec(arg);
    return option === null ? redactedUrl(arg) : `${option[1]}${redactedUrl(option[2] ?? "")}`;
  });
}

/** Whether a value somewhere holds a redacted text: written back to the cluster it would destroy the real one. */
export function holdsRedacted(value: unknown): boolean {
  if (typeof value === "string") return value.includes(REDACTED);
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(holdsRedacted);
}

const PEM = /-----BEGIN [A-Z0-9 ]{1,40}-----[\s\S]*?(?:-----END [A-Z0-9 ]{1,40}-----|$)/g;
const JWT = /\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g;
const AUTHORIZATION = /\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi;
const ASSIGNMENT =
  /(\b[\w.-]{0,40}(?:password|passwd|token|secret|api[-_]?key|private[-_]?key|credentials?)["']?\s{0,2}[:=]\s{0,2})("[^"\n]{1,500}"|'[^'\n]{1,500}'|[^\s"',;&}]{3,500})/gi;

/** Free text (log lines, server messages, errors) without tokens, certificates, keys, passwords and URL credentials. */
export function redactText(text: string): string {
  return withoutUrlCredentials(text)
    .replace(PEM, "[redacted]")
    .replace(JWT, "[redacted]")
    .replace(AUTHORIZATION, "$1 [redacted]")
    .replace(ASSIGNMENT, "$1[redacted]");
}
