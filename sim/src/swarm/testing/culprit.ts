/** The shop after a quarter of an hour of good running, and an engine in it that does what it is told, right or wrong. */
import { type ClusterObject, controllerOf, type Pod, type Ref, type Rule, refOf } from "@kintsugi/core";
import type { Actor } from "../../api/actor.ts";
import { evict } from "../../api/eviction.ts";
import { isReady } from "../../controllers/pods.ts";
import { ADMIN } from "../../scenario/objects.ts";
import { podsOf, type Stage } from "../../scenario/stage.ts";
import { buildShop } from "../../shop.ts";
import { actPolicy } from "../kintsugi.ts";
import type { Run } from "../run.ts";
import { withinPolicy } from "../within-policy.ts";

const ENGINE: Actor = { kind: "engine", name: "kintsugi-1", manager: "kintsugi" };
const MINUTE_MS = 60_000;

export const CART: Ref = { kind: "Deployment", namespace: "shop", name: "cart" };

export class Culprit {
  readonly stage: Stage = buildShop("culprit");

  constructor() {
    this.wait(15);
  }

  get #api() {
    return this.stage.cluster.world.api;
  }

  wait(minutes: number): void {
    const { timeline } = this.stage.cluster;
    timeline.advanceTo(timeline.now() + minutes * MINUTE_MS);
  }

  get<T extends ClusterObject>(ref: Ref): T {
    const found = this.stage.cluster.world.store.find(ref);
    if (found === undefined) throw new Error(`${ref.kind} ${ref.name} is not there`);
    return found as T;
  }

  /** What somebody marks an object with, by the key of a label or, with a slash, an annotation. */
  mark(ref: Ref, labels: Readonly<Record<string, string>>, annotations: Readonly<Record<string, string>> = {}): void {
    const found = this.get(ref);
    const metadata = { ...found.metadata, labels: { ...found.metadata.labels, ...labels }, annotations: { ...found.metadata.annotations, ...annotations } };
    this.#api.update(ADMIN, { ...found, metadata } as ClusterObject);
  }

  /** By the engine, unless another does it. */
  set(ref: Ref, path: string, value: unknown, by: Actor = ENGINE): void {
    this.#api.patch(by, ref, [{ op: "add", path, value }]);
  }

  /** A new image: what a rollback writes. */
  rollBack(ref: Ref = CART, image = "registry.shop.example/shop/cart:1.9.0"): void {
    this.set(ref, "/spec/template/spec/containers/0/image", image);
  }

  readyPod(ref: Ref = CART): Pod {
    const pod = podsOf(this.stage, ref).find((one) => isReady(one) && one.metadata.deletionTimestamp === undefined);
    if (pod === undefined) throw new Error(`${ref.name} has no ready pod`);
    return pod;
  }

  evict(pod: Pod): void {
    evict(this.#api, ENGINE, refOf(pod));
  }

  remove(object: ClusterObject): void {
    this.#api.remove(ENGINE, refOf(object));
  }

  /** Laws that were broken, each reason once, without object and time. */
  reasons(rules: readonly Rule[] = [], spec: { readonly [field: string]: unknown } = {}): readonly string[] {
    const run = { stage: this.stage, policy: actPolicy(spec, rules).spec } as unknown as Run;
    return [...new Set(withinPolicy(run).map(({ law, detail }) => (law === "no act outside policy" ? (detail.split("Z: ")[1] ?? detail) : law)))];
  }

  nodeOf(pod: Pod): Ref {
    return { kind: "Node", namespace: "", name: pod.spec.nodeName ?? "" };
  }

  /** A pod that somebody has made by hand, running. */
  barePod(): Pod {
    const like = this.readyPod();
    const { nodeName: _, ...spec } = like.spec;
    this.#api.create(ADMIN, { kind: "Pod", metadata: { name: "debug", namespace: "shop", labels: { run: "debug" } }, spec });
    this.wait(2);
    const pod = this.get<Pod>({ kind: "Pod", namespace: "shop", name: "debug" });
    if (controllerOf(pod) !== undefined) throw new Error("somebody has adopted it");
    return pod;
  }
}
