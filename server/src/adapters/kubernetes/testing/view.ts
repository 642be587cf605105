/** What a consumer of `watch` knows, built from nothing but what was delivered. */
import { type ClusterObject, type Kind, type Observation, refKey, refOf, type ViewHealth } from "@kintsugi/core";

export class View {
  readonly objects = new Map<string, ClusterObject>();
  readonly health = new Map<Kind, ViewHealth>();
  /** Health changes as `Kind: health`, in order. */
  readonly changes: string[] = [];
  readonly reasons = new Map<Kind, string>();
  readonly gone: string[] = [];
  readonly serverVersions: string[] = [];
  lists = 0;
  batches = 0;

  readonly deliver = (observations: readonly Observation[]): void => {
    this.batches++;
    for (const observation of observations) this.#take(observation);
  };

  #take(observation: Observation): void {
    switch (observation.type) {
      case "object":
        this.objects.set(refKey(refOf(observation.object)), observation.object);
        return;
      case "gone":
        this.objects.delete(refKey(observation.ref));
        this.gone.push(`${refKey(observation.ref)}#${observation.ref.uid}`);
        return;
      case "listed":
        this.lists++;
        for (const [key, object] of this.objects) if (object.kind === observation.kind) this.objects.delete(key);
        for (const object of observation.objects) this.objects.set(refKey(refOf(object)), object);
        return;
      case "health":
        this.health.set(observation.kind, observation.health);
        this.reasons.set(observation.kind, observation.reason);
        this.changes.push(`${observation.kind}: ${observation.health}`);
        return;
      case "version":
        this.serverVersions.push(observation.version);
    }
  }

  /** `Kind/namespace/name` -> resourceVersion. */
  versions(): Map<string, string> {
    return new Map([...this.objects].map(([key, object]) => [key, object.metadata.resourceVersion]));
  }

  healthOf(kind: Kind): readonly string[] {
    return this.changes.filter((change) => change.startsWith(`${kind}: `)).map((change) => change.slice(kind.length + 2));
  }
}

/** Waits until the condition holds; the error says what was waited for. */
export async function eventually(what: string, condition: () => boolean, withinMs = 5_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
