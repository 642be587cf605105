/** The engine as a contender: the real driver on the simulated ports, killed and started again at moments that the seed draws. */
import { type ConfidenceTable, Driver, type Incident, type Policy, PolicySpec } from "@kintsugi/core";
import { MemoryStore } from "@kintsugi/core/testing";
import type { SimCluster } from "../cluster.ts";
import type { Random } from "../random.ts";
import type { Contender, Entrant } from "./contender.ts";

export interface KintsugiOptions {
  readonly policy: Policy;
  /** Kills of the process in a run, at most. */
  readonly crashes?: number;
  readonly confidence?: ConfidenceTable;
  /** Looks only, as `serve` without `--act`. */
  readonly readOnly?: boolean;
}

/** Everything may be acted on; the modes that a person may have meant are named, so they act too. */
export function actPolicy(spec: { readonly [field: string]: unknown } = {}): Policy {
  const all = {
    mode: "suggest",
    rules: [
      { name: "all", mode: "act" },
      { name: "also when it may have been meant", match: { modes: ["forgotten-cordon", "scaled-to-zero"] }, mode: "act" },
    ],
    ...spec,
  };
  return { name: "swarm", hash: JSON.stringify(all), spec: PolicySpec.parse(all) };
}

export function kintsugi(options: KintsugiOptions): Entrant {
  return { name: "kintsugi", enter: (cluster, random) => Process.start(cluster, random, options) };
}

const HOUR_MS = 3_600_000;
/** A killed process is started again after this, as a Deployment's pod would be. */
const RESTART_MS = 20_000;

class Process implements Contender {
  readonly store = new MemoryStore();
  readonly #cluster: SimCluster;
  readonly #options: KintsugiOptions;
  #driver: Driver;
  #starts = 0;
  #starting: Promise<void> = Promise.resolve();

  static async start(cluster: SimCluster, random: Random, options: KintsugiOptions): Promise<Process> {
    const process = new Process(cluster, options);
    await process.#begin();
    for (let i = 0; i < (options.crashes ?? 0); i += 1) {
      const at = cluster.timeline.now() + random.between(0, HOUR_MS);
      cluster.timeline.at(at, () => process.#kill());
    }
    return process;
  }

  constructor(cluster: SimCluster, options: KintsugiOptions) {
    this.#cluster = cluster;
    this.#options = options;
    this.#driver = this.#make();
  }

  async settled(): Promise<void> {
    await this.#starting;
    await this.#driver.settled();
  }

  incidents(): readonly Incident[] {
    return [...this.#driver.state.incidents.values()];
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
    const { port, clock, lease } = this.#cluster.connect({ identity: `kintsugi-${this.#starts}` });
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
    this.#cluster.timeline.after(RESTART_MS, () => {
      this.#driver = this.#make();
      void this.#begin();
    });
  }
}
