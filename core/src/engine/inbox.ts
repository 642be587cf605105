/**
 * What waits for its turn: inputs in the order in which they came, and among them one batch of observations, which later ones join.
 *
 * Of the batch only what is newest about each thing is kept, so that it stays as small as the cluster however long a turn takes, as one does
 * while the ledger cannot be written.
 */
import type { CommandReply, Input } from "../model/input.ts";
import { refKey } from "../model/ref.ts";
import type { Observation } from "../ports/cluster.ts";

export interface Waiting {
  readonly input: Input;
  readonly reply?: (reply: CommandReply) => void;
}

/** Stands in the line for the batch. */
const BATCH = "batch";

export class Inbox {
  readonly #line: (Waiting | typeof BATCH)[] = [];
  /** The newest last, by what it is about. */
  #batch = new Map<string, Observation>();

  get isEmpty(): boolean {
    return this.#line.length === 0;
  }

  add(waiting: Waiting): void {
    this.#line.push(waiting);
  }

  observe(observations: readonly Observation[]): void {
    if (observations.length > 0 && this.#batch.size === 0) this.#line.push(BATCH);
    for (const seen of observations) {
      if (seen.type === "listed") this.#forget(seen.kind);
      const about = aboutOf(seen);
      // Deleted first, so that it stands behind what came before it: a view is live only once its list is in.
      this.#batch.delete(about);
      this.#batch.set(about, seen);
    }
  }

  next(): Waiting | undefined {
    const next = this.#line.shift();
    if (next !== BATCH) return next;
    const observations = [...this.#batch.values()];
    this.#batch = new Map();
    return { input: { type: "observed", observations } };
  }

  clear(): void {
    this.#line.length = 0;
    this.#batch.clear();
  }

  /** A list is the whole truth about its kind: nothing that was seen before it matters, but what went, lest a late read bring it back. */
  #forget(kind: string): void {
    for (const [about, seen] of this.#batch) if (seen.type === "object" && seen.object.kind === kind) this.#batch.delete(about);
  }
}

/** Uids are told apart: that one object went is not forgotten when another takes its name. */
function aboutOf(seen: Observation): string {
  switch (seen.type) {
    case "object":
      return `${refKey({ ...seen.object.metadata, kind: seen.object.kind })}/${seen.object.metadata.uid}`;
    case "gone":
      return `${refKey(seen.ref)}/${seen.ref.uid ?? ""}`;
    case "listed":
      return `listed ${seen.kind}`;
    case "health":
      return `health ${seen.kind}`;
    case "version":
      return "version";
  }
}
