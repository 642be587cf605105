/** What pods write into their volumes, and the limits that these have. */
import { type Pod, parseQuantity } from "@kintsugi/core";
import type { World } from "../world/world.ts";
import type { ContainerRun } from "./container-run.ts";

export interface Overfull {
  readonly volume: string;
  /** As the manifest says it. */
  readonly limit: string;
}

/** The first emptyDir that holds more than it may; undefined where none does. */
export function overfullVolume({ images, facts }: World, pod: Pod, runs: readonly ContainerRun[]): Overfull | undefined {
  for (const run of runs) {
    const writes = run.isRunning ? images.does(run.spec).writes : undefined;
    if (writes === undefined || facts.since(writes.fact) === undefined) continue;
    const volume = pod.spec.volumes?.find((one) => one.name === writes.volume);
    const { sizeLimit } = (volume?.["emptyDir"] ?? {}) as { readonly sizeLimit?: string };
    if (volume !== undefined && sizeLimit !== undefined && writes.bytes > (parseQuantity(sizeLimit) ?? 0)) return { volume: volume.name, limit: sizeLimit };
  }
  return undefined;
}
