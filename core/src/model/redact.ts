/**
 * Keeps secrets out of everything that is stored, shown or logged.
 *
 * A replaced value becomes `redacted:sha256:<16 hex>`: two objects can still be compared for having the same value, and a
 * change of it is still seen. It is a name for the value, not a protection of a value that can be guessed. Of a URL with credentials the host is
 * kept behind it (`redacted:sha256:...@orders-db:5432`): who calls whom is no secret.
 */
import { sha256Hex } from "./sha256.ts";

export const REDACTED = "redacted:sha256:";

/** How names end whose value is a secret: `DB_PASS`, `redisAuth`, `--api-key`, `ConnectionString`. */
const ENDING =
  "(?:password|passwd|passphrase|(?<!by|com)pass|pwd|[-_.]pw|auth|token|secret|(?:api|private|access|account|secret|signing|encryption)[-_]?key|credentials?|dsn|connection[-_ ]?strings?)";
const SECRET_NAME = new RegExp(`passw(?:or)?d|passphrase|token|secret|(?:api|private|access)[-_]?key|credential|connection_?str|${ENDING}[-_]?\\d*$`, "i");
/** `--db-password=x`, `-token=x`, `PASSWORD=x` as one argument. */
const SECRET_ASSIGNMENT = new RegExp(`^([\\w./-]*${ENDING}=)(.+)$`, "is");
/** `--password`, whose value is the next argument. */
const SECRET_FLAG = new RegExp(`^--?[\\w.-]*${ENDING}$`, "i");
/** Names of addresses that hold a password: who is called stays readable. */
const ADDRESS_NAME = /dsn[-_]?\d*$|connection[-_]?str/i;
/** Under a secret's name and yet none: a switch, a reference to a variable, nothing. */
const PLAIN = /^(?:true|false|\$\([\w.-]+\))?$/;
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

/** Takes user and password out of the URLs in a text. */
export function withoutUrlCredentials(text: string): string {
  return text.includes("://") ? text.replace(URL_CREDENTIALS, "$1$2") : text;
}

/** Whether there is anything in the text that `redactText` would take out. */
export function holdsSecret(text: string): boolean {
  return redactText(text) !== text;
}

/** A literal that has a name (a variable, a header, an option), replaced whole where its name or its text gives it away. */
export function redactNamed(name: string, value: string): string {
  const isNamed = isSecretName(name) && !PLAIN.test(value);
  if (!isNamed && !holdsSecret(value)) return value;
  return isNamed && !ADDRESS_NAME.test(name) ? redactedValue(value) : hidden(value);
}

/** A text that holds a secret, replaced whole; where that is a URL's credentials and nothing else, its host stays. */
function hidden(text: string): string {
  const bare = withoutUrlCredentials(text);
  return bare !== text && !holdsSecret(bare) ? redactedUrl(text) : redactedValue(text);
}

/** A container's command or arguments with secret values replaced; a script that holds one is replaced whole. */
export function redactArguments(args: readonly string[]): readonly string[] {
  return args.map((arg, i) => {
    if (!arg.startsWith("-") && SECRET_FLAG.test(args[i - 1] ?? "")) return PLAIN.test(arg) ? arg : redactedValue(arg);
    const [, name = "", value = ""] = SECRET_ASSIGNMENT.exec(arg) ?? [];
    if (value !== "" && !PLAIN.test(value)) return name + redactedValue(value);
    if (!holdsSecret(arg)) return arg;
    const [, option = "", url = arg] = /^(-{1,2}[\w.-]+=)([a-z].*)$/is.exec(arg) ?? [];
    return option + hidden(url);
  });
}

/** Whether a value somewhere holds a redacted text: written back to the cluster it would destroy the real one. */
export function holdsRedacted(value: unknown): boolean {
  if (typeof value === "string") return value.includes(REDACTED);
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(holdsRedacted);
}

/** The beginning may be cut off (the last lines of a log), or the end (a message of limited length). */
const PEM =
  /-----BEGIN [A-Z0-9 ]{1,40}-----[\s\S]*?(?:-----END [A-Z0-9 ]{1,40}-----|$)|^[A-Za-z0-9+/=\s]{1,8192}-----END [A-Z0-9 ]{1,40}-----|\bLS0tLS1CRUdJTi[\w+/=]*/g;
const JWT = /\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g;
/** Keys whose first letters say what they are: AWS, GitHub, GitLab, Slack, Google, Stripe. */
const KNOWN_SHAPES =
  /\b(?:A[KS]IA[A-Z0-9]{16}|gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{20,}|xox[abeprs]-[\w-]{10,}|AIza[\w-]{35}|[rs]k_(?:live|test)_\w{10,})|(?<=hooks\.slack\.com\/services\/)[\w/]+/g;
/** What the kubelet, runtimes and registries go on with after a name and a colon: `volume "token" : secret "token" not found`. */
const PROSE =
  "(?!(?:secret|configmap|references|failed|cannot|could|unexpected|unauthorized|forbidden|denied|permission|executable|authentication|authorization|dial|timeout|context|not|must|true|false|[1-5]\\d\\d)(?:[\\s:,;}]|$))";
/** A variable's name in place of its value: `--password="${DB_PASSWORD}"`. */
const REFERENCE = "(?![\"']?\\$(?:\\([\\w.-]+\\)|\\{\\w+\\})[\"']?(?:[\\s;&|)]|$))";
const AUTHORIZATION = new RegExp(`\\b(bearer|basic)\\s+${PROSE}[^\\s"']{6,}`, "gi");
/** `name: value`, `"name": "value"` (escaped or cut off as well), `--name value`, `?key=value`. */
const ASSIGNMENT = new RegExp(
  `((?:\\b[\\w.-]{0,40}${ENDING}\\\\{0,3}["']?\\s{0,2}[:=]\\s{0,2}|(?<![\\w.-])--?[\\w.-]{0,40}${ENDING}\\s{1,2}(?!-)|[?&](?:key|sig|signature)=)\\\\{0,3})${PROSE}${REFERENCE}("[^"\\n]+"?|'[^'\\n]+'?|[^\\s"']{3,})`,
  "gi",
);
/** `user:password@tcp(host)` and `user:password@host`, which drivers take without a scheme; an image with tag and digest is none. */
const DSN_CREDENTIALS = /(?<![\w/.@-]|redacted:)([\w.+-]{1,100}:)(?:[^\s"'<>]{1,200}(?=@(?:tcp6?|udp|unix)\()|[^\s:/@"'<>]{1,200}(?=@(?!sha\d+:)[\w[]))/g;

/**
 * Free text (log lines, messages of the cluster, errors) without tokens, certificates, keys, passwords and URL credentials.
 *
 * What detectors and failure modes read out of a message (the missing Secret, the exceeded quota, the registry's answer) stays as it is.
 */
export function redactText(text: string): string {
  if (text === "") return text;
  return withoutUrlCredentials(text)
    .replace(PEM, "[redacted]")
    .replace(JWT, "[redacted]")
    .replace(KNOWN_SHAPES, "[redacted]")
    .replace(AUTHORIZATION, "$1 [redacted]")
    .replace(ASSIGNMENT, "$1[redacted]")
    .replace(DSN_CREDENTIALS, "$1[redacted]");
}
