/** The workload that simulation speed is measured on. Measuring is done by whoever has a clock. */
import { createCluster, type SimCluster } from "./cluster.ts";
import { ADMIN, addNamespace, addNode, deployment, service } from "./scenario/objects.ts";
import { Person } from "./scenario/people.ts";
import { behaviour } from "./world/images.ts";

export interface SpeedWorkload {
  readonly cluster: SimCluster;
  readonly pods: number;
  /** Simulates so many virtual seconds and returns how many events that took. */
  run(virtualSeconds: number): number;
}

/**
 * A hundred pods of twenty applications on ten nodes, none of it idle for ever: every ten minutes a rollout, one application that crash
 * loops and one whose image cannot be pulled.
 */
export function speedWorkload(seed: string | number = "speed"): SpeedWorkload {
  const cluster = createCluster({ seed });
  const { world, timeline } = cluster;
  for (let n = 1; n <= 10; n += 1) addNode(world, { name: `node-${n}`, zone: `zone-${1 + (n % 3)}`, cpu: "8", memory: "32Gi" });
  addNamespace(world, "bench");
  for (let n = 1; n <= 20; n += 1) {
    const crashes = n === 1 ? [{ when: { type: "always" }, afterMs: 5_000, code: 1, log: "" } as const] : [];
    for (const tag of ["a", "b"]) if (n !== 2) world.images.publish(`bench/app-${n}:${tag}`, behaviour({ exits: crashes }));
    world.api.create(ADMIN, deployment({ name: `app-${n}`, namespace: "bench", image: `bench/app-${n}:a`, replicas: 5 }));
    world.api.create(ADMIN, service("bench", `app-${n}`));
  }
  const releaser = new Person(world, "release");
  let turn = 0;
  const release = (): void => {
    turn += 1;
    const n = 3 + (turn % 18);
    const tag = Math.floor(turn / 18) % 2 === 0 ? "b" : "a";
    releaser.setImage({ kind: "Deployment", namespace: "bench", name: `app-${n}` }, `bench/app-${n}:${tag}`);
    timeline.after(600_000, release);
  };
  timeline.after(600_000, release);
  timeline.advanceTo(timeline.now() + 300_000);
  return {
    cluster,
    pods: world.store.count("Pod"),
    run: (virtualSeconds) => {
      const before = timeline.ran();
      timeline.advanceTo(timeline.now() + virtualSeconds * 1000);
      return timeline.ran() - before;
    },
  };
}
