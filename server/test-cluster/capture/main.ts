/**
 * Records what a real cluster shows of each scene:
 *
 *   node server/test-cluster/capture/main.ts CLUSTER [--fixtures] [SCENE...]
 *
 * CLUSTER is the name of a cluster that `cluster/main.ts up` started, or the path of a kubeconfig. Each scene breaks its own workload in a namespace
 * of its own. How it came to that is added to sim/src/conformance/real/SCENE.json; remove the file first to begin anew. With --fixtures its picture is
 * written too, to core/src/diagnose/fixtures/SCENE.json: the projected objects of the namespace and the nodes, with the moment at which they were
 * taken. Nothing else in the cluster is touched, and the namespaces are removed again. The cluster should have no engine that acts.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { type ClusterObject, type Kind, project, RESOURCES } from "@kintsugi/core";
import { type Cluster, open } from "../../../cluster/src/index.ts";
import { joined, QUIET_MS, type Recording } from "../../../sim/src/conformance/recording.ts";
import { SCENES } from "../../../sim/src/conformance/scenes/catalog.ts";
import type { Scene, Sign } from "../../../sim/src/conformance/scenes/scene.ts";
import type { Story } from "../../../sim/src/conformance/story.ts";
import { type KubeObject, Person, until } from "../harness/person.ts";
import { act, create } from "./deeds.ts";
import { Onlooker } from "./onlooker.ts";

const KINDS: readonly Kind[] = [
  "Pod",
  "Deployment",
  "ReplicaSet",
  "StatefulSet",
  "ControllerRevision",
  "Job",
  "Service",
  "EndpointSlice",
  "ConfigMap",
  "ResourceQuota",
  "Event",
];
const PICTURES = new URL("../../../core/src/diagnose/fixtures/", import.meta.url);
const RECORDINGS = new URL("../../../sim/src/conformance/real/", import.meta.url);

const words = process.argv.slice(2);
const withFixtures = words.includes("--fixtures");
const [where, ...names] = words.filter((word) => !word.startsWith("--"));
if (where === undefined) {
  console.error("usage: main.ts CLUSTER [--fixtures] [SCENE...]");
  process.exit(2);
}
const cluster: Cluster | undefined = where.includes("/") ? undefined : open(where);
const kubeconfig = cluster?.kubeconfigPath ?? where;
const person = new Person({ type: "kubeconfig", paths: [kubeconfig] });
const onlooker = new Onlooker(kubeconfig);
await until("everything is watched", async () => onlooker.isWatching);
const chosen = SCENES.filter((scene) => (names.length === 0 ? scene.wants === undefined : names.includes(scene.name)));
// A few at a time: what is measured in seconds should not wait for a busy machine.
const queue = [...chosen];
const failures: string[] = [];
await Promise.all(Array.from({ length: 4 }, work));
await onlooker.close();
await person.close();
for (const failure of failures) console.error(failure);
process.exitCode = failures.length > 0 ? 1 : 0;

async function work(): Promise<void> {
  for (let scene = queue.shift(); scene !== undefined; scene = queue.shift()) {
    const { name } = scene;
    await take(scene).catch((error: unknown) => failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`));
  }
}

async function take(scene: Scene): Promise<void> {
  const namespace = `fixture-${scene.name}`;
  await until("the namespace of the last time is gone", async () => (await person.get("v1", "Namespace", "", namespace)) === undefined);
  await create(person, "", { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  try {
    await until("the namespace has its ServiceAccount", () => person.get("v1", "ServiceAccount", namespace, "default"));
    const nodes = scene.subject.kind === "Node";
    let story = onlooker.begin(namespace, { nodes });
    for (const manifest of scene.start) await create(person, namespace, manifest);
    const before = scene.isWell === undefined ? [] : await seen(scene, namespace, scene.isWell, story);
    const start = scene.isWell === undefined ? undefined : story.told();
    if (scene.isWell !== undefined) story = onlooker.begin(namespace, { nodes });
    for (const deed of scene.hurt ?? []) await act(person, cluster, namespace, deed);
    const objects = await seen(scene, namespace, scene.shows, story);
    if (withFixtures) keepPicture(scene, namespace, before.filter(isSpec), objects);
    keepRecording(scene.name, { times: 1, ...(start === undefined ? {} : { start }), trouble: story.told() });
    console.log(`${scene.name}: ${objects.length} objects`);
  } finally {
    for (const deed of scene.mend ?? []) await act(person, cluster, namespace, deed);
    await person.remove("v1", "Namespace", "", namespace);
  }
}

function keepRecording(name: string, recording: Recording): void {
  const file = new URL(`${name}.json`, RECORDINGS);
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Recording) : undefined;
  writeFileSync(file, `${JSON.stringify(joined(before, recording), undefined, 2)}\n`);
}

function keepPicture({ name, mode, subject }: Scene, namespace: string, before: readonly ClusterObject[], objects: readonly ClusterObject[]): void {
  const about = { kind: subject.kind, namespace: subject.kind === "Node" ? "" : namespace, name: subject.name };
  writeFileSync(new URL(`${name}.json`, PICTURES), text({ mode, subject: about, takenAt: new Date().toISOString(), before, objects }));
}

/** One object a line: short, and a change of one shows as one line. */
function text({
  before,
  objects,
  ...head
}: {
  readonly before: readonly ClusterObject[];
  readonly objects: readonly ClusterObject[];
  readonly [field: string]: unknown;
}): string {
  const lines = (list: readonly ClusterObject[]) => (list.length === 0 ? "[]" : `[\n${list.map((object) => JSON.stringify(object)).join(",\n")}\n]`);
  const fields = Object.entries(head).map(([key, value]) => `"${key}": ${JSON.stringify(value)}`);
  return `{\n${[...fields, `"before": ${lines(before)}`, `"objects": ${lines(objects)}`].join(",\n")}\n}\n`;
}

/** Of the time before only what our own record of healthy specs would hold is of use. */
function isSpec(object: ClusterObject): boolean {
  return object.kind === "Deployment" || object.kind === "StatefulSet" || object.kind === "Service";
}

/** What there is when the sign first shows; waits until the story has no more to tell. */
async function seen(scene: Scene, namespace: string, sign: Sign, story: Story): Promise<readonly ClusterObject[]> {
  const shown = await until(`${scene.name} shows`, async () => {
    const objects = await everything(namespace);
    return sign(objects) ? objects : undefined;
  });
  let [told, since] = [story.length, performance.now()];
  await until(`${scene.name} comes to rest`, async () => {
    if (story.length !== told) [told, since] = [story.length, performance.now()];
    return performance.now() - since >= QUIET_MS;
  });
  return shown;
}

async function everything(namespace: string): Promise<readonly ClusterObject[]> {
  const lists = await Promise.all([...KINDS.map((kind) => list(kind, namespace)), list("Node", "")]);
  return lists.flat();
}

async function list(kind: Kind, namespace: string): Promise<readonly ClusterObject[]> {
  const { group, version } = RESOURCES[kind];
  const items: readonly KubeObject[] = await person.list(group === "" ? version : `${group}/${version}`, kind, namespace);
  return items
    .map((item) => project(item, kind))
    .filter((object) => object !== undefined && object.metadata.name !== "kube-root-ca.crt") as readonly ClusterObject[];
}
