/** Which kinds the API server serves. Absence is proven by its own answer, never assumed from an error. */
import { type Kind, RESOURCES } from "@kintsugi/core";
import { groupPath } from "./paths.ts";
import { parseStatus, saidBy } from "./status.ts";
import { NoAnswer, type Transport } from "./transport.ts";

export type Served =
  | { readonly type: "yes" }
  | { readonly type: "no"; readonly reason: string }
  | { readonly type: "unknown"; readonly reason: string; readonly code: number };

/** Kinds of one group ask together when they start; a moment later the answer is asked for again. */
const SHARED_MS = 1_000;

export class Discovery {
  readonly #transport: Transport;
  readonly #timeoutMs: number;
  readonly #now: () => number;
  readonly #asked = new Map<string, { readonly at: number; readonly answer: Promise<GroupAnswer> }>();

  constructor(transport: Transport, timeoutMs: number, now: () => number) {
    this.#transport = transport;
    this.#timeoutMs = timeoutMs;
    this.#now = now;
  }

  /** Never throws. */
  async served(kind: Kind): Promise<Served> {
    const path = groupPath(kind);
    const answer = await this.#group(path);
    if (answer.type !== "resources") return answer;
    const { plural, group, version } = RESOURCES[kind];
    if (answer.plurals.has(plural)) return { type: "yes" };
    return { type: "no", reason: `${group === "" ? version : `${group}/${version}`} serves no ${plural}` };
  }

  #group(path: string): Promise<GroupAnswer> {
    const found = this.#asked.get(path);
    if (found !== undefined && this.#now() - found.at < SHARED_MS) return found.answer;
    const answer = this.#ask(path);
    this.#asked.set(path, { at: this.#now(), answer });
    return answer;
  }

  async #ask(path: string): Promise<GroupAnswer> {
    try {
      const reply = await this.#transport.send({ method: "GET", path, timeoutMs: this.#timeoutMs });
      if (reply.status === 404) return { type: "no", reason: `the API server does not serve ${path.replace(/^\/apis?\//, "")}` };
      if (reply.status !== 200) return { type: "unknown", reason: saidBy(parseStatus(reply)), code: reply.status };
      const resources = (JSON.parse(reply.body) as { resources?: readonly { name?: string }[] }).resources ?? [];
      return { type: "resources", plurals: new Set(resources.map((resource) => resource.name ?? "")) };
    } catch (error) {
      return { type: "unknown", reason: error instanceof NoAnswer ? error.message : "the answer to discovery is not readable", code: 0 };
    }
  }
}

type GroupAnswer = { readonly type: "resources"; readonly plurals: ReadonlySet<string> } | Exclude<Served, { type: "yes" }>;
