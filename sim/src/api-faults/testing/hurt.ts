/** A small cluster with one Deployment, and a connection to it that one fault of the API makes worse. */
import { type ClusterObject, type Observation, PortError, type Step } from "@kintsugi/core";
import { type Connection, createCluster, type SimCluster } from "../../cluster.ts";
import { createRandom } from "../../random.ts";
import { ADMIN, addNamespace, addNode, deployment } from "../../scenario/objects.ts";
import { Person } from "../../scenario/people.ts";
import { behaviour } from "../../world/images.ts";
import type { ApiFault } from "../api-fault.ts";

const CART = { kind: "Deployment", namespace: "shop", name: "cart" } as const;

export interface Hurt {
  readonly cluster: SimCluster;
  readonly connection: Connection;
  readonly dana: Person;
  /** Ways in which trouble shows: kinds of failures, or `ok`. */
  tryWrite(replicas: number): Promise<string>;
  tryRead(): Promise<string>;
  replicas(): number;
  wait(seconds: number): void;
  /** Health and lists that a watcher sees from now on, as `Pod stale`, `Pod listed`. */
  watch(): readonly string[];
}

/** Trouble of the given rate for some minutes from now. */
export function hurt(fault: ApiFault, rate: number, minutes = 10): Hurt {
  const cluster = createCluster({ seed: fault.id });
  addNode(cluster.world, { name: "node-1" });
  addNamespace(cluster.world, "shop");
  cluster.world.images.publish("shop/cart:v1", behaviour());
  cluster.world.api.create(ADMIN, deployment({ name: "cart", namespace: "shop", image: "shop/cart:v1", replicas: 1 }));
  cluster.timeline.advanceTo(cluster.timeline.now() + 60_000);
  const until = cluster.timeline.now() + minutes * 60_000;
  const connection = fault.wrap(cluster.connect(), { cluster, random: createRandom(fault.id), rate, until });
  const cart = () => cluster.world.store.get("Deployment", "shop", "cart");
  const seen: string[] = [];
  return {
    cluster,
    connection,
    dana: new Person(cluster.world, "dana"),
    tryWrite: (replicas) => {
      const step: Step = {
        verb: "patch",
        target: { ...CART, uid: cart()?.metadata.uid ?? "" },
        patch: [{ op: "replace", path: "/spec/replicas", value: replicas }],
      };
      return outcome(connection.port.apply(step, { dryRun: false }));
    },
    tryRead: () => outcome(connection.port.read(CART)),
    replicas: () => cart()?.spec.replicas ?? -1,
    wait: (seconds) => cluster.timeline.advanceTo(cluster.timeline.now() + seconds * 1000),
    watch: () => {
      connection.port.watch((observations) => seen.push(...observations.flatMap(textOf)));
      return seen;
    },
  };
}

async function outcome(answer: Promise<ClusterObject | undefined>): Promise<string> {
  try {
    await answer;
    return "ok";
  } catch (error) {
    if (error instanceof PortError) return error.failure.kind;
    throw error;
  }
}

function textOf(one: Observation): string[] {
  if (one.type === "health") return [`${one.kind} ${one.health}`];
  return one.type === "listed" ? [`${one.kind} listed`] : [];
}
