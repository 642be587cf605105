/** A cluster with the applications that run in it: what faults and look-alikes are played on. */
import { type ClusterObject, type Pod, type PodTemplate, type Ref, refKey } from "@kintsugi/core";
import { person } from "../api/actor.ts";
import type { SimCluster } from "../cluster.ts";
import type { Random } from "../random.ts";
import { behaviour, type ImageBehaviour } from "../world/images.ts";
import type { Moments } from "./moments.ts";
import { Person } from "./people.ts";
import type { Victims } from "./victims.ts";

/** One application: a workload, and what belongs to it. */
export interface App {
  readonly ref: Ref & { readonly kind: "Deployment" | "StatefulSet" | "DaemonSet" };
  readonly image: string;
  readonly replicas: number;
  /** A Service of the same name selects it. */
  readonly hasService: boolean;
  /** ConfigMap that its containers read with `envFrom` or a key. */
  readonly configMap: string | undefined;
  /** Services without which its readiness check fails, as `namespace/name`. Each is of the application of that name. */
  readonly needs: readonly string[];
}

export interface Stage {
  readonly cluster: SimCluster;
  readonly apps: readonly App[];
  /** Names of worker nodes by zone. */
  readonly zones: ReadonlyMap<string, readonly string[]>;
  /** What already has a part: each object plays in one fault or look-alike at most. Keys as `refKey`. */
  readonly taken: Set<string>;
  /** Who suffers by what. */
  readonly victims: Victims;
  /** How the world stood at each write of an engine. */
  readonly moments: Moments;
}

/** People of the story: who changes what. Names do not tell faults from ordinary work. */
const NAMES = ["alice", "bob", "carol", "dave", "erin", "frank"] as const;

export function somebody(stage: Stage, random: Random): Person {
  return new Person(stage.cluster.world, random.pick(NAMES));
}

/** An application that nobody has taken, of the wanted sort; it is taken then. Undefined when there is none. */
export function takeApp(stage: Stage, random: Random, wanted: (app: App) => boolean = () => true): App | undefined {
  const free = stage.apps.filter((app) => isFree(stage, app) && wanted(app) && objectOf(stage, app) !== undefined);
  if (free.length === 0) return undefined;
  const app = random.pick(free);
  stage.taken.add(refKey(app.ref));
  return app;
}

/** What an application needs, or is needed by, may fall ill with it: where either has a part the other has none. */
function isFree(stage: Stage, app: App): boolean {
  const related = [app.ref, ...neededBy(stage.apps, app.ref), ...stage.apps.map(({ ref }) => ref).filter((ref) => neededBy(stage.apps, ref).includes(app.ref))];
  return !related.some((ref) => stage.taken.has(refKey(ref))) && !stage.taken.has(namespaceKey(app.ref.namespace));
}

/** Applications that are not ready while nothing serves the one, directly or by one another. */
export function neededBy(apps: readonly App[], ref: Ref): readonly Ref[] {
  const found = new Set<App>();
  const follow = ({ namespace, name }: Ref): void => {
    for (const app of apps) {
      if (!app.needs.includes(`${namespace}/${name}`) || found.has(app)) continue;
      found.add(app);
      follow(app.ref);
    }
  };
  follow(ref);
  return [...found].map((app) => app.ref);
}

function namespaceKey(name: string): string {
  return refKey({ kind: "Namespace", namespace: "", name });
}

/** As `takeApp`, in a namespace where nothing else is played, and nothing else will be: what limits the namespace concerns this one alone. */
export function takeAppAlone(stage: Stage, random: Random, wanted: (app: App) => boolean): App | undefined {
  const busy = new Set(stage.apps.filter((app) => !isFree(stage, app)).map((app) => app.ref.namespace));
  const app = takeApp(stage, random, (one) => wanted(one) && !busy.has(one.ref.namespace) && !stage.taken.has(jobsKey(one.ref.namespace)));
  if (app !== undefined) stage.taken.add(namespaceKey(app.ref.namespace));
  return app;
}

function jobsKey(namespace: string): string {
  return `jobs in ${namespace}`;
}

/** A namespace for new objects of a story; undefined where all are taken. */
export function openNamespace(stage: Stage, random: Random): string | undefined {
  const open = [...new Set(stage.apps.map((app) => app.ref.namespace))].filter((name) => !stage.taken.has(namespaceKey(name)));
  if (open.length === 0) return undefined;
  const namespace = random.pick(open);
  stage.taken.add(jobsKey(namespace));
  return namespace;
}

/** A worker node that nobody has taken; it is taken then. */
export function takeNode(stage: Stage, random: Random, wanted: (node: string) => boolean = () => true): string | undefined {
  const names = [...stage.zones.values()].flat().filter((name) => !stage.taken.has(nodeKey(name)) && wanted(name));
  if (names.length === 0) return undefined;
  const name = random.pick(names);
  stage.taken.add(nodeKey(name));
  return name;
}

export function nodeKey(name: string): string {
  return refKey({ kind: "Node", namespace: "", name });
}

export function isDeployment(app: App): boolean {
  return app.ref.kind === "Deployment";
}

type Workload = Extract<ClusterObject, { kind: "Deployment" | "StatefulSet" | "DaemonSet" }>;

export function objectOf(stage: Stage, app: App): Workload | undefined {
  return stage.cluster.world.store.find(app.ref) as Workload | undefined;
}

export function templateOf(stage: Stage, app: App): PodTemplate {
  const object = objectOf(stage, app);
  if (object === undefined) throw new Error(`${refKey(app.ref)} is not there`);
  return object.spec.template;
}

/** The kubelet ends its containers when they do not answer. */
export function hasLiveness(stage: Stage, app: App): boolean {
  return templateOf(stage, app).spec.containers.some((container) => container.livenessProbe !== undefined);
}

/** Pods of the application, through its ReplicaSets where it has them. */
export function podsOf(stage: Stage, ref: Ref): readonly Pod[] {
  const { store } = stage.cluster.world;
  const owner = store.find(ref);
  if (owner === undefined) return [];
  const sets = store.ownedBy("ReplicaSet", owner.metadata.uid).map((set) => set.metadata.uid);
  return [owner.metadata.uid, ...sets].flatMap((uid) => store.ownedBy("Pod", uid));
}

/** How an image behaves now; the default behaviour for one that was never published. */
export function behaviourOf(stage: Stage, image: string): ImageBehaviour {
  return stage.cluster.world.images.get(image) ?? behaviour();
}

/** `shop/cart:1.4.2` becomes `shop/cart:1.5.0`, and so on until the tag is new. */
export function nextTag(stage: Stage, image: string): string {
  const colon = image.lastIndexOf(":");
  const [major = "1", minor = "0"] = image.slice(colon + 1).split(".");
  for (let next = Number(minor) + 1; ; next += 1) {
    const tag = `${image.slice(0, colon)}:${major}.${next}.0`;
    if (stage.cluster.world.images.get(tag) === undefined) return tag;
  }
}

/** True when as many pods as asked for are ready, all of the present template. */
export function isWell(stage: Stage, ref: Ref): boolean {
  const object = stage.cluster.world.store.find(ref);
  if (object === undefined || (object.metadata.generation ?? 0) > observed(object)) return false;
  if (object.kind === "DaemonSet") return object.status.numberReady >= object.status.desiredNumberScheduled;
  if (object.kind !== "Deployment" && object.kind !== "StatefulSet") return false;
  const { replicas } = object.spec;
  const isReady = object.status.readyReplicas >= replicas && object.status.updatedReplicas >= replicas;
  return isReady && object.status.replicas === replicas;
}

function observed(object: ClusterObject): number {
  return "status" in object && "observedGeneration" in object.status ? object.status.observedGeneration : 0;
}

export const PIPELINE = person("ci-pipeline", "ci-pipeline");
