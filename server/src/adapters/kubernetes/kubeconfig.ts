/**
 * Where the API server is and who we are, from kubeconfig files or from the pod's own service account.
 *
 * Messages name files, contexts, users and fields. They never quote content: a YAML parser's excerpt would show tokens.
 */
import { readFileSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { isMap, LineCounter, parseDocument } from "yaml";
import { codeOf } from "../network-reason.ts";

/** How to reach a cluster. Nothing here is read from the environment: the caller says it all. */
export type ConnectionSource =
  | {
      readonly type: "kubeconfig";
      /** Files in the order of `KUBECONFIG`; those that do not exist are skipped, the first that says a thing wins. */
      readonly paths: readonly string[];
      /** Instead of the file's current-context. */
      readonly context?: string;
      /** Environment of credential plugins (they need PATH and HOME). */
      readonly environment?: Readonly<Record<string, string | undefined>>;
    }
  | {
      readonly type: "in-cluster";
      /** KUBERNETES_SERVICE_HOST and _PORT. */
      readonly host: string;
      readonly port: string;
      /** Default: /var/run/secrets/kubernetes.io/serviceaccount, with `token` and `ca.crt`. */
      readonly folder?: string;
    };

/** A user's mistake or a missing file, said so that the user can mend it. Holds no secret. */
export class KubeconfigError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "KubeconfigError";
  }
}

export interface ExecPlugin {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly apiVersion: string;
  readonly provideClusterInfo: boolean;
  readonly installHint: string;
}

export type Login =
  | { readonly type: "none" }
  | { readonly type: "token"; readonly token: string }
  | { readonly type: "token-file"; readonly path: string }
  | { readonly type: "basic"; readonly username: string; readonly password: string }
  | { readonly type: "exec"; readonly plugin: ExecPlugin };

/** A header that is sent several times has a list. */
export type HttpHeaders = Readonly<Record<string, string | string[]>>;

/** One resolved context. */
export interface Access {
  /** For messages: file and context, or "in-cluster". */
  readonly origin: string;
  /** `https://host:port[/prefix]`, no trailing slash. */
  readonly server: string;
  readonly ca: Buffer | undefined;
  readonly cert: Buffer | undefined;
  readonly key: Buffer | undefined;
  readonly serverName: string | undefined;
  readonly insecure: boolean;
  readonly proxyUrl: string | undefined;
  readonly login: Login;
  /** Impersonation that the kubeconfig asks for. */
  readonly headers: HttpHeaders;
}

type Fields = Readonly<Record<string, unknown>>;

/** Reads the files anew on every call, so that rotated certificates and tokens are seen. Throws KubeconfigError. */
export function loadAccess(source: ConnectionSource): Access {
  return source.type === "in-cluster" ? inCluster(source.host, source.port, source.folder) : fromFiles(source.paths, source.context);
}

function inCluster(host: string, port: string, folder = "/var/run/secrets/kubernetes.io/serviceaccount"): Access {
  if (host === "" || port === "") throw new KubeconfigError("not inside a cluster: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set");
  return {
    origin: "in-cluster",
    server: `https://${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}:${port}`,
    ca: readFile(join(folder, "ca.crt"), "the cluster's certificate authority"),
    cert: undefined,
    key: undefined,
    serverName: undefined,
    insecure: false,
    proxyUrl: undefined,
    login: { type: "token-file", path: join(folder, "token") },
    headers: {},
  };
}

interface Entry {
  readonly file: string;
  readonly value: Fields;
}

interface Merged {
  readonly files: readonly string[];
  currentContext: string;
  readonly clusters: Map<string, Entry>;
  readonly contexts: Map<string, Entry>;
  readonly users: Map<string, Entry>;
}

function fromFiles(paths: readonly string[], wanted: string | undefined): Access {
  const merged = mergeFiles(paths);
  const looked = merged.files.join(", ");
  const name = wanted ?? merged.currentContext;
  const known = [...merged.contexts.keys()];
  const contexts = known.length === 0 ? "it has no contexts" : `contexts there: ${known.join(", ")}`;
  if (name === "") throw new KubeconfigError(`${looked}: no context was named and current-context is empty; ${contexts}`);
  const context = merged.contexts.get(name);
  if (context === undefined) throw new KubeconfigError(`${looked}: no context named "${name}"; ${contexts}`);
  const at = `${context.file}, context "${name}"`;
  const cluster = referred(merged.clusters, context, "cluster", at);
  const userName = string(context.value["user"]);
  const user = userName === "" ? { file: context.file, value: {} } : referred(merged.users, context, "user", at);
  const server = string(cluster.value["server"]).replace(/\/+$/, "");
  if (!URL.canParse(server) || !/^https?:$/.test(new URL(server).protocol)) throw new KubeconfigError(`${at}: the cluster's server is not an http(s) URL`);
  const insecure = cluster.value["insecure-skip-tls-verify"] === true;
  return {
    origin: at,
    server,
    ca: insecure ? undefined : material(cluster, "certificate-authority", at),
    cert: material(user, "client-certificate", at),
    key: material(user, "client-key", at),
    serverName: string(cluster.value["tls-server-name"]) || undefined,
    insecure,
    proxyUrl: string(cluster.value["proxy-url"]) || undefined,
    login: loginOf(user, at),
    headers: impersonation(user.value, at),
  };
}

function mergeFiles(paths: readonly string[]): Merged {
  const files: string[] = [];
  const merged: Merged = { files, currentContext: "", clusters: new Map(), contexts: new Map(), users: new Map() };
  for (const path of paths) {
    const document = readKubeconfig(path);
    if (document === undefined) continue;
    files.push(path);
    merged.currentContext ||= string(document["current-context"]);
    for (const [list, inner] of [
      ["clusters", "cluster"],
      ["contexts", "context"],
      ["users", "user"],
    ] as const) {
      for (const item of fieldsList(document[list])) {
        const name = string(item["name"]);
        if (name !== "" && !merged[list].has(name)) merged[list].set(name, { file: path, value: fields(item[inner]) });
      }
    }
  }
  if (files.length > 0) return merged;
  const looked = paths.length === 0 ? "no path was given" : `looked at ${paths.join(", ")}`;
  throw new KubeconfigError(`no kubeconfig found: ${looked}; name one with --kubeconfig FILE or in KUBECONFIG`);
}

function readKubeconfig(path: string): Fields | undefined {
  let content: string;
  try {
    content = readFileSync(path, "utf8");
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT") return undefined;
    throw new KubeconfigError(`cannot read kubeconfig ${path}: ${code}`);
  }
  const counter = new LineCounter();
  const document = parseDocument(content, { lineCounter: counter, prettyErrors: false });
  const problem = document.errors[0];
  if (problem !== undefined) {
    const { line, col } = counter.linePos(problem.pos[0]);
    throw new KubeconfigError(`${path} is not valid YAML: line ${line}, column ${col}: ${problem.code}`);
  }
  if (!isMap(document.contents)) throw new KubeconfigError(`${path} is not a kubeconfig: it holds no mapping with clusters, contexts and users`);
  return fields(document.toJS());
}

function referred(entries: Map<string, Entry>, context: Entry, field: "cluster" | "user", at: string): Entry {
  const name = string(context.value[field]);
  const entry = entries.get(name);
  if (entry === undefined) throw new KubeconfigError(`${at}: it refers to ${field} "${name}", which no file defines`);
  return entry;
}

/** `<field>-data` in base64, else `<field>` as a path beside the file. */
function material(entry: Entry, field: string, at: string): Buffer | undefined {
  const data = string(entry.value[`${field}-data`]);
  if (data !== "") return Buffer.from(data, "base64");
  const path = string(entry.value[field]);
  return path === "" ? undefined : readFile(beside(entry.file, path), `${at}: ${field}`);
}

function loginOf(user: Entry, at: string): Login {
  const value = user.value;
  // With both the file wins, as in client-go: it is the one that is renewed.
  const file = string(value["tokenFile"]);
  if (file !== "") return { type: "token-file", path: beside(user.file, file) };
  const token = string(value["token"]).trim();
  if (token !== "") return { type: "token", token };
  if (value["exec"] !== undefined && value["exec"] !== null) return { type: "exec", plugin: pluginOf(fields(value["exec"]), user.file, at) };
  if (value["auth-provider"] !== undefined && value["auth-provider"] !== null) {
    const name = string(fields(value["auth-provider"])["name"]);
    throw new KubeconfigError(`${at}: auth-provider "${name}" is not supported; use an exec credential plugin (kubectl dropped most auth-providers in 1.26)`);
  }
  const username = string(value["username"]);
  return username === "" ? { type: "none" } : { type: "basic", username, password: string(value["password"]) };
}

function pluginOf(exec: Fields, file: string, at: string): ExecPlugin {
  const command = string(exec["command"]);
  if (command === "") throw new KubeconfigError(`${at}: exec names no command`);
  if (exec["interactiveMode"] === "Always") throw new KubeconfigError(`${at}: the exec plugin ${command} wants a terminal (interactiveMode: Always)`);
  return {
    // As kubectl: a relative path with a separator is beside the file, a bare name is looked up in PATH.
    command: command.includes("/") ? beside(file, command) : command,
    args: Array.isArray(exec["args"]) ? exec["args"].map(string) : [],
    env: fieldsList(exec["env"]).map((variable) => ({ name: string(variable["name"]), value: string(variable["value"]) })),
    apiVersion: string(exec["apiVersion"]) || "client.authentication.k8s.io/v1",
    provideClusterInfo: exec["provideClusterInfo"] === true,
    installHint: string(exec["installHint"]),
  };
}

/** All of it or nothing: with a part left out we would be somebody whom nobody meant. Header names as in k8s.io/client-go/transport. */
function impersonation(user: Fields, at: string): HttpHeaders {
  const as = string(user["as"]);
  const uid = string(user["as-uid"]);
  const groups = strings(user["as-groups"], `${at}: as-groups`);
  const extra = Object.entries(fields(user["as-user-extra"])).map(
    ([name, values]) => [`impersonate-extra-${headerName(name)}`, strings(values, `${at}: as-user-extra of ${name}`)] as const,
  );
  if (as !== "") {
    return {
      "impersonate-user": as,
      ...(uid === "" ? {} : { "impersonate-uid": uid }),
      ...(groups.length === 0 ? {} : { "impersonate-group": groups }),
      ...Object.fromEntries(extra),
    };
  }
  if (uid === "" && groups.length === 0 && extra.length === 0) return {};
  throw new KubeconfigError(`${at}: as-groups, as-uid and as-user-extra need a user: as`);
}

/** Lower case, and percent-encoded where a header's name may not hold the character. */
function headerName(text: string): string {
  return Array.from(Buffer.from(text.toLowerCase()), (byte) => {
    const character = String.fromCharCode(byte);
    return /[!#$&'*+\-.^_`|~0-9a-z]/.test(character) ? character : `%${byte.toString(16).padStart(2, "0")}`;
  }).join("");
}

/** Reads a file of the connection. Throws KubeconfigError that names it. */
export function readFile(path: string, what: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new KubeconfigError(`${what}: cannot read ${path}: ${codeOf(error)}`);
  }
}

function beside(file: string, path: string): string {
  return isAbsolute(path) ? path : join(dirname(file), path);
}

function string(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function strings(value: unknown, what: string): string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new KubeconfigError(`${what} is not a list`);
  return value.map(string);
}

function fieldsList(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fields) : [];
}
