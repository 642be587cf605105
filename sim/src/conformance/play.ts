/** Plays a scene in the simulator, as `server/test-cluster/capture` does on a real cluster. */
import { type ClusterObject, project, type Ref, refOf } from "@kintsugi/core";
import type { Draft } from "../api/draft.ts";
import { createCluster, type SimCluster } from "../cluster.ts";
import { ADMIN, addNamespace, addNode } from "../scenario/objects.ts";
import { merged } from "./merge-patch.ts";
import { QUIET_MS, type Recording } from "./recording.ts";
import type { Deed, Manifest, Scene, Sign } from "./scenes/scene.ts";
import { BUSYBOX, configMapFact, IMAGE } from "./scenes/scripts.ts";
import { placeOf, Story } from "./story.ts";

const NS = "scene";
/** Between two looks at whether the sign shows. */
const LOOK_MS = 250;
const AT_MOST_MS = 1_800_000;
const REAL_NODES = ["node-0", "node-1"];
const VIRTUAL_NODES = ["vnode-0", "vnode-1", "vnode-2"];

/** Throws where the sign does not show within half an hour of virtual time. */
export function playScene(scene: Scene, seed: string | number): Recording {
  const cluster = emptyCluster(seed);
  const { store } = cluster.world;
  const places = scene.subject.kind === "Node" ? [NS, ""] : [NS];
  const all = () =>
    (["Node", "Pod", "Deployment", "ReplicaSet", "StatefulSet", "Job", "EndpointSlice", "Event"] as const).flatMap((kind): ClusterObject[] => store.list(kind));
  const begin = () => new Story(all().filter((object) => object.kind !== "Event" && places.includes(placeOf(object))));
  let story = begin();
  store.onAnyChange(({ before, after }) => {
    if (after !== undefined && places.includes(placeOf(after))) story.see(after);
    if (after === undefined && before !== undefined) story.gone(refOf(before));
  });
  for (const manifest of scene.start) create(cluster, manifest);
  const { becomes } = scene;
  if (becomes !== undefined)
    cluster.timeline.after(becomes.afterMs, () => cluster.world.facts.set(`${becomes.fact}@${NS}/${becomes.pod}`, cluster.timeline.now()));
  let start: Recording["start"];
  if (scene.isWell !== undefined) {
    waitFor(cluster, scene.name, scene.isWell, all, () => story.length);
    start = story.told();
    story = begin();
  }
  for (const deed of scene.hurt ?? []) act(cluster, deed);
  waitFor(cluster, scene.name, scene.shows, all, () => story.length);
  return { times: 1, ...(start === undefined ? {} : { start }), trouble: story.told() };
}

/** The nodes of a cluster for tests: real ones, which know the image, and virtual ones, which nothing tolerates. */
function emptyCluster(seed: string | number): SimCluster {
  const cluster = createCluster({ seed });
  const { world, timeline, kubelets } = cluster;
  world.images.publish(IMAGE, BUSYBOX);
  for (const name of REAL_NODES) addNode(world, { name });
  for (const name of VIRTUAL_NODES) addNode(world, { name, taints: [{ key: "kwok.x-k8s.io/node", value: "fake", effect: "NoSchedule" }] });
  for (const name of REAL_NODES) kubelets.node(name).images.add(IMAGE);
  addNamespace(world, NS);
  timeline.advanceTo(timeline.now() + 10_000);
  return cluster;
}

function waitFor({ timeline }: SimCluster, what: string, sign: Sign, all: () => readonly ClusterObject[], told: () => number): void {
  const end = timeline.now() + AT_MOST_MS;
  const look = () => timeline.advanceTo(timeline.now() + LOOK_MS);
  while (!sign(all())) {
    if (timeline.now() > end) throw new Error(`${what} does not show in the simulator`);
    look();
  }
  for (let [known, since] = [told(), timeline.now()]; timeline.now() - since < QUIET_MS; look())
    if (told() !== known) [known, since] = [told(), timeline.now()];
}

function create({ world, timeline }: SimCluster, manifest: Manifest): void {
  const object = project({ ...manifest, metadata: { ...manifest.metadata, namespace: NS, uid: "drafted" } });
  if (object === undefined) throw new Error(`${manifest.kind} ${manifest.metadata.name} is no manifest`);
  const { name, namespace } = object.metadata;
  const { status: _, ...draft } = object as ClusterObject & { readonly status?: unknown };
  world.api.create(ADMIN, { ...draft, metadata: { name, namespace } } as Draft);
  if (object.kind === "ConfigMap") world.facts.set(configMapFact(name), timeline.now());
}

function act(cluster: SimCluster, deed: Deed): void {
  const { store, api, facts } = cluster.world;
  const at = (kind: Ref["kind"], name: string): Ref => ({ kind, namespace: kind === "Node" ? "" : NS, name });
  switch (deed.type) {
    case "create":
      create(cluster, deed.manifest);
      break;
    case "patch": {
      const found = store.find(at(deed.kind, deed.name));
      if (found === undefined) throw new Error(`no ${deed.kind} ${deed.name}`);
      api.update(ADMIN, merged(found, deed.patch) as ClusterObject);
      break;
    }
    case "remove":
      api.remove(ADMIN, at(deed.kind, deed.name));
      if (deed.kind === "ConfigMap") facts.clear(configMapFact(deed.name));
      break;
    case "remove-pods":
      for (const pod of store.inNamespace("Pod", NS)) api.remove(ADMIN, refOf(pod));
      break;
    case "stop-kubelet":
      cluster.silenceNode(deed.node);
      break;
    case "start-kubelet":
      cluster.reviveNode(deed.node);
  }
}
