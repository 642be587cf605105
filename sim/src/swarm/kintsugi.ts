/** The engine as a contender: the real driver on the simulated ports, killed and started again at moments that the seed draws. */
import { type ConfidenceTable, Driver, type Incident, type Policy, PolicySpec, policyOf, type Rule } from "@kintsugi/core";
import { MemoryStore } from "@kintsugi/core/testing";
import type { Arena, Contender, Entrant } from "./contender.ts";

export interface KintsugiOptions {
  readonly policy: Policy;
  /** Kills of the process in a run, at most. */
  readonly crashes?: number;
  readonly confidence?: ConfidenceTable;
  /** Looks only, as `serve` without `--act`. */
  readonly readOnly?: boolean;
}

/** Everything may be acted on but what `also` forbids; the modes that a person may have meant are named, so they act too. */
export function actPolicy(spec: { readonly [field: string]: unknown } = {}, also: readonly Rule[] = []): Policy {
  const all = {
    mode: "suggest",
    rules: [
      { name: "all", mode: "act" },
      { name: "also when it may have been meant", match: { modes: ["forgotten-cordon", "scaled-to-zero"] }, mode: "act" },
      ...also,
    ],
    ...spec,
  };
  return policyOf("swarm", PolicySpec.parse(all));
}

export function kintsugi(options: KintsugiOptions): Entrant {
  return { name: "kintsugi", enter: (arena) => Process.start(arena, options) };
}

/** A killed process is started again after this, as a Deployment's pod would be. */
const RESTART_MS = 20_000;

class Process implements Contender {
  readonly store = new MemoryStore();
  readonly #arena: Arena;
  readonly #options: KintsugiOptions;
  #driver: Driver;
  #starts = 0;
  #starting: Promise<void> = Promise.resolve();

  static async start(arena: Arena, options: KintsugiOptions): Promise<Process> {
    const process = new Process(arena, options);
    await process.#begin();
    const { timeline } = arena.cluster;
    const random = arena.random.fork("crashes");
    const crashes = random.between(0, options.crashes ?? 0);
    for (let i = 0; i < crashes; i += 1) timeline.at(timeline.now() + random.between(0, arena.until - timeline.now()), () => process.#kill());
    return process;
  }

  constructor(arena: Arena, options: KintsugiOptions) {
    this.#arena = arena;
    const { name, spec } = options.policy;
    this.#options = { ...options, policy: policyOf(name, { ...spec, rules: [...spec.rules, ...arena.rules] }) };
    this.#driver = this.#make();
  }

  async settled(): Promise<void> {
    await this.#starting;
    await this.#driver.settled();
  }

  incidents(): readonly Incident[] {
    return [...this.#driver.state.incidents.values()];
  }

  get policy() {
    return this.#options.policy.spec;
  }

  records() {
    return this.store.records;
  }

  async stop(): Promise<void> {
    await this.#driver.stop();
  }

  #make(): Driver {
    this.#starts += 1;
    const { policy, confidence, readOnly } = this.#options;
    const { port, clock, lease } = this.#arena.cluster.connect({ identity: `kintsugi-${this.#starts}` });
    return new Driver({
      cluster: "sim",
      version: "swarm",
      policy,
      ...(confidence === undefined ? {} : { confidence }),
      ports: { cluster: port, clock, store: this.store, ...(readOnly === true ? {} : { lease }) },
    });
  }

  #begin(): Promise<void> {
    this.#starting = this.#driver.start();
    return this.#starting;
  }

  #kill(): void {
    this.#driver.crash();
    this.#arena.cluster.timeline.after(RESTART_MS, () => {
      this.#driver = this.#make();
      void this.#begin();
    });
  }
}
