/** How far the view of one kind can be trusted, said once per change. A short break is not worth saying. */
import type { Kind, Observation, ViewHealth } from "@kintsugi/core";

export class KindHealth {
  readonly #kind: Kind;
  readonly #graceMs: number;
  readonly #say: (observation: Observation) => void;
  #health: ViewHealth | undefined;
  #reason = "";
  #pending: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(kind: Kind, graceMs: number, say: (observation: Observation) => void) {
    this.#kind = kind;
    this.#graceMs = graceMs;
    this.#say = say;
  }

  live(): void {
    this.#settle("live", "listed and watched");
  }

  forbidden(reason: string): void {
    this.#settle("forbidden", reason);
  }

  notServed(reason: string): void {
    this.#settle("not-served", reason);
  }

  /** Broken for now: a live view becomes stale after the grace, one that never lived stays unsynced and says why. */
  trouble(reason: string): void {
    if (this.#health !== "live") {
      this.#settle(this.#health === "stale" ? "stale" : "unsynced", reason);
      return;
    }
    this.#pending = reason;
    this.#timer ??= setTimeout(() => this.#settle("stale", this.#pending ?? reason), this.#graceMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #settle(health: ViewHealth, reason: string): void {
    this.stop();
    if (this.#health === health && (health === "live" || this.#reason === reason)) return;
    this.#health = health;
    this.#reason = reason;
    this.#say({ type: "health", kind: this.#kind, health, reason });
  }
}
