/**
 * Takes the fixtures of detectors and failure modes from a real cluster:
 *
 *   node server/test-cluster/capture/main.ts KUBECONFIG [--stories] [SCENE...]
 *
 * Each scene breaks its own workload in a namespace of its own, and its picture is written to core/src/diagnose/fixtures/SCENE.json: the projected
 * objects of the namespace and the nodes, with the moment at which they were taken. How it came to that is written to
 * sim/src/conformance/real/SCENE.json. Nothing else in the cluster is touched, and the namespaces are
 * removed again. The cluster should have no engine that acts.
 */
import { writeFileSync } from "node:fs";
import { type ClusterObject, type Kind, project, RESOURCES } from "@kintsugi/core";
import { type KubeObject, Person, until } from "../harness/person.ts";
import { Onlooker } from "./onlooker.ts";
import { SCENES, type Scene } from "./scenes.ts";

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
const FOLDER = new URL("../../../core/src/diagnose/fixtures/", import.meta.url);
const STORIES = new URL("../../../sim/src/conformance/real/", import.meta.url);

const words = process.argv.slice(2);
/** Leaves the fixtures as they are. */
const storiesOnly = words.includes("--stories");
const [kubeconfig, ...names] = words.filter((word) => word !== "--stories");
if (kubeconfig === undefined) {
  console.error("usage: main.ts KUBECONFIG [--stories] [SCENE...]");
  process.exit(2);
}
const person = new Person({ type: "kubeconfig", paths: [kubeconfig] });
const onlooker = new Onlooker(kubeconfig);
const chosen = SCENES.filter((scene) => (names.length === 0 ? scene.byHand !== true : names.includes(scene.name)));
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
  await person.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  try {
    await until("the namespace has its ServiceAccount", () => person.get("v1", "ServiceAccount", namespace, "default"));
    const watch = () => onlooker.begin(namespace, { nodes: scene.subject.kind === "Node" });
    const fromStart = scene.hurt === undefined ? watch() : undefined;
    for (const manifest of scene.start(namespace)) await person.create(manifest);
    const before = scene.isWell === undefined ? [] : await seen(scene, namespace, scene.isWell);
    const story = fromStart ?? watch();
    await scene.hurt?.(person, namespace);
    const objects = await seen(scene, namespace, scene.shows);
    const subject = { kind: scene.subject.kind, namespace: scene.subject.kind === "Node" ? "" : namespace, name: scene.subject.name };
    const fixture = { mode: scene.mode, subject, takenAt: new Date().toISOString(), before: before.filter(isSpec), objects };
    if (!storiesOnly) writeFileSync(new URL(`${scene.name}.json`, FOLDER), text(fixture));
    writeFileSync(new URL(`${scene.name}.json`, STORIES), `${JSON.stringify(story.lines(), undefined, 2)}\n`);
    console.log(`${scene.name}: ${objects.length} objects`);
  } finally {
    await scene.mend?.(person);
    await person.remove("v1", "Namespace", "", namespace);
  }
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

async function seen(scene: Scene, namespace: string, holds: (objects: readonly ClusterObject[]) => boolean): Promise<readonly ClusterObject[]> {
  return until(`${scene.name} shows`, async () => {
    const objects = await everything(namespace);
    return holds(objects) ? objects : undefined;
  });
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
