/** Which kinds are seen and why others are not, as the cluster's adapter says it: kept for the status, and told in one line for all that change together. */
import type { ClusterPort, Kind, Observation, ViewHealth } from "@kintsugi/core";
import { overriding } from "./overriding.ts";

/** Kinds that change within this time have one cause, ms. */
const TOGETHER_MS = 1_000;

const WORDS: Readonly<{ [health in ViewHealth]: string }> = {
  live: "seen now",
  unsynced: "not seen yet",
  stale: "not seen any more",
  forbidden: "may not be seen",
  "not-served": "not served by this cluster",
};

export type TellSight = (text: string, isTrouble: boolean) => void;

export class Sight {
  readonly #tell: TellSight;
  readonly #reasons = new Map<Kind, string>();
  readonly #changed = new Map<Kind, { readonly health: ViewHealth; readonly reason: string }>();
  #timer: NodeJS.Timeout | undefined;

  constructor(tell: TellSight) {
    this.#tell = tell;
  }

  /** Why the kind is not seen; undefined while it is. */
  reasonOf(kind: Kind): string | undefined {
    return this.#reasons.get(kind);
  }

  /** The same cluster, overheard. */
  of(cluster: ClusterPort): ClusterPort {
    return overriding(cluster, {
      watch: (deliver) => {
        const stop = cluster.watch((observations) => {
          this.#note(observations);
          deliver(observations);
        });
        return () => {
          clearTimeout(this.#timer);
          stop();
        };
      },
    });
  }

  #note(observations: readonly Observation[]): void {
    for (const seen of observations) {
      if (seen.type !== "health") continue;
      if (seen.health === "live") this.#reasons.delete(seen.kind);
      else this.#reasons.set(seen.kind, seen.reason);
      this.#changed.set(seen.kind, seen);
      this.#timer ??= setTimeout(() => this.#flush(), TOGETHER_MS);
    }
  }

  #flush(): void {
    this.#timer = undefined;
    for (const [health, kinds] of Map.groupBy(this.#changed, ([, { health: now }]) => now)) {
      const isTrouble = health !== "live" && health !== "not-served";
      const names = kinds.map(([kind]) => kind).join(", ");
      // All have the same cause; the reason of the first names it.
      this.#tell(`${WORDS[health]}: ${names}${isTrouble ? `: ${kinds[0]?.[1].reason}` : ""}`, isTrouble);
    }
    this.#changed.clear();
  }
}
