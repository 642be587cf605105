/** Trouble between an engine and its API server: a connection that behaves worse than the one it wraps. Wrappers compose. */
import type { Failure } from "@kintsugi/core";
import { PortError } from "@kintsugi/core";
import type { Connection, SimCluster } from "../cluster.ts";
import type { Random } from "../random.ts";

export interface ApiFault {
  /** Kebab-case, the name of its file. */
  readonly id: string;
  readonly title: string;
  wrap(connection: Connection, trouble: Trouble): Connection;
}

export interface Trouble {
  readonly cluster: SimCluster;
  readonly random: Random;
  /** How often, 0 to 1: the chance for one request, or how close together the incidents of a stream are. */
  readonly rate: number;
  /** Trouble ends here, ms: after that the API is well, so that what is left can be seen to end. */
  readonly until: number;
}

export function isOn({ cluster, until }: Trouble): boolean {
  return cluster.timeline.now() < until;
}

/** Decides for one request. */
export function strikes(trouble: Trouble): boolean {
  return isOn(trouble) && trouble.random.chance(trouble.rate);
}

export function fail(failure: Failure): never {
  throw new PortError(failure);
}

/** Calls again and again while the trouble lasts: at rate 1 every two minutes or so, at rate 0.1 every twenty. */
export function fromTimeToTime(trouble: Trouble, call: () => void): void {
  if (trouble.rate <= 0) return;
  const { timeline } = trouble.cluster;
  const plan = (): void => {
    const gapMs = Math.round((-Math.log(1 - trouble.random.next()) * 120_000) / trouble.rate) + 1_000;
    timeline.after(gapMs, () => {
      if (!isOn(trouble)) return;
      call();
      plan();
    });
  };
  plan();
}
