/** The API server's own account of who wrote what. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** One of our ServiceAccounts as the audit log names it. */
export function accountUser(name: string): string {
  return `system:serviceaccount:kintsugi:${name}`;
}

export const ENGINE_USER = accountUser("kintsugi");

export interface Write {
  readonly user: string;
  readonly verb: string;
  /** `deployments`, `pods/eviction`. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly code: number;
  readonly dryRun: boolean;
  /** When the request came, ms. */
  readonly at: number;
}

interface AuditEvent {
  readonly verb: string;
  readonly requestURI: string;
  readonly user: { readonly username: string };
  readonly objectRef?: { readonly resource?: string; readonly subresource?: string; readonly namespace?: string; readonly name?: string };
  readonly responseStatus?: { readonly code?: number };
  readonly requestReceivedTimestamp: string;
}

const QUESTIONS: readonly string[] = ["tokenreviews", "subjectaccessreviews"];

export class AuditLog {
  readonly #path: string | undefined;
  readonly #from: number;

  /** Sees what is written from now on. Without a path it knows nothing, and says so. */
  constructor(path: string | undefined) {
    this.#path = path;
    this.#from = path === undefined ? 0 : withFile(path, (file) => fstatSync(file).size);
  }

  /** True where there is a log to judge by. */
  get sees(): boolean {
    return this.#path !== undefined;
  }

  /** What the user was let write since the log was opened, oldest first, dry runs left out; in one namespace or anywhere. */
  doneBy(user: string, within?: string): readonly Write[] {
    return this.writesBy(user).filter(({ namespace, dryRun, code }) => !dryRun && code < 300 && (within === undefined || namespace === within));
  }

  /** Every write of the user since the log was opened, oldest first; dry runs and refused ones too. */
  writesBy(user: string): readonly Write[] {
    return this.#by(user).filter(({ resource }) => !QUESTIONS.includes(resource));
  }

  /** Whom the user asked about: `tokenreviews` and `subjectaccessreviews`, which change nothing. */
  questionsOf(user: string): readonly Write[] {
    return this.#by(user).filter(({ resource }) => QUESTIONS.includes(resource));
  }

  #by(user: string): readonly Write[] {
    if (this.#path === undefined) return [];
    return withFile(this.#path, (file) => textFrom(file, this.#from))
      .split("\n")
      .filter((line) => line.includes(`"${user}"`))
      .map((line) => toWrite(JSON.parse(line) as AuditEvent))
      .filter((write) => write.user === user);
  }
}

function toWrite(event: AuditEvent): Write {
  const { resource = "", subresource, namespace = "", name = "" } = event.objectRef ?? {};
  return {
    user: event.user.username,
    verb: event.verb,
    resource: subresource === undefined ? resource : `${resource}/${subresource}`,
    namespace,
    name,
    code: event.responseStatus?.code ?? 0,
    dryRun: new URL(event.requestURI, "https://cluster").searchParams.get("dryRun") === "All",
    at: Date.parse(event.requestReceivedTimestamp),
  };
}

/** Whole lines only: the last one may still be on its way. */
function textFrom(file: number, from: number): string {
  const buffer = Buffer.alloc(Math.max(0, fstatSync(file).size - from));
  const length = readSync(file, buffer, 0, buffer.length, from);
  const text = buffer.toString("utf8", 0, length);
  return text.slice(0, text.lastIndexOf("\n") + 1);
}

function withFile<T>(path: string, use: (file: number) => T): T {
  const file = openSync(path, "r");
  try {
    return use(file);
  } finally {
    closeSync(file);
  }
}
