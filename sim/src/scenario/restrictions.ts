/** What people of a drawn cluster do not want done by an engine: rules of their policy, marks on their objects, a pause for a while. */
import { type ClusterObject, type Ref, type Rule, refKey } from "@kintsugi/core";
import { controllerActor } from "../api/actor.ts";
import type { Random } from "../random.ts";
import { ADMIN } from "./objects.ts";
import type { App, Stage } from "./stage.ts";

const MINUTE_MS = 60_000;
const ARGO = { ...controllerActor("argocd-application-controller"), manager: "argocd-controller" };
const HELM = { ...ADMIN, manager: "helm" };

type Marks = { readonly labels?: Readonly<Record<string, string>>; readonly annotations?: Readonly<Record<string, string>> };

/** Draws for about half of the clusters one or two restrictions, marks the objects now, and plans the pause. Returns the rules for the policy. */
export function drawRestrictions(stage: Stage, random: Random, calmAt: number): readonly Rule[] {
  const kinds = random.shuffle([observed, suggested, switchedOff, byGitOps, byHelm, paused]);
  const count = random.chance(0.5) ? 0 : random.between(1, 2);
  return kinds.slice(0, count).flatMap((restrict) => restrict(stage, random, calmAt));
}

function observed(stage: Stage, random: Random): readonly Rule[] {
  return [{ name: "only watched", match: { namespaces: [namespaceOf(stage, random)] }, mode: "observe" }];
}

/** By a pattern, or by kind and label of the workload itself. */
function suggested(stage: Stage, random: Random): readonly Rule[] {
  const { ref } = random.pick(stage.apps);
  const match = random.pick([{ namespaces: [`${ref.namespace.slice(0, 2)}*`] }, { kinds: [ref.kind], labels: { app: ref.name } }]);
  return [{ name: "asked first", match, mode: "suggest" }];
}

function switchedOff(stage: Stage, random: Random): readonly Rule[] {
  const annotations = { "kintsugi.dev/mode": random.pick(["off", "observe", "suggest", "of"]) };
  const { ref } = random.pick(stage.apps);
  mark(stage, random.chance(0.5) ? ref : { kind: "Namespace", namespace: "", name: ref.namespace }, { annotations });
  return [];
}

function byGitOps(stage: Stage, random: Random): readonly Rule[] {
  for (const app of some(stage, random)) {
    const { kind, namespace, name } = app.ref;
    const tracking = `${name}:apps/${kind}:${namespace}/${name}`;
    const marks = random.pick<Marks>([
      { annotations: { "argocd.argoproj.io/tracking-id": tracking } },
      { labels: { "argocd.argoproj.io/instance": name } },
      { labels: { "kustomize.toolkit.fluxcd.io/name": name, "kustomize.toolkit.fluxcd.io/namespace": "flux-system" } },
    ]);
    for (const ref of partsOf(app)) mark(stage, ref, marks, ARGO);
  }
  return [];
}

function byHelm(stage: Stage, random: Random): readonly Rule[] {
  for (const app of some(stage, random)) {
    const marks = { labels: { "app.kubernetes.io/managed-by": "Helm" }, annotations: { "meta.helm.sh/release-name": app.ref.name } };
    for (const ref of partsOf(app)) mark(stage, ref, marks, HELM);
  }
  return [];
}

/** Somewhere in the safety phase; it is over before the liveness phase is. */
function paused({ cluster }: Stage, random: Random, calmAt: number): readonly Rule[] {
  const { timeline, world } = cluster;
  const from = timeline.now() + Math.round((calmAt - timeline.now()) * (0.2 + 0.7 * random.next()));
  timeline.at(from, () => world.api.create(ADMIN, { kind: "ConfigMap", metadata: { name: "kintsugi-pause", namespace: "kintsugi" }, keys: [] }));
  timeline.at(from + random.between(4, 25) * MINUTE_MS, () => world.api.remove(ADMIN, { kind: "ConfigMap", namespace: "kintsugi", name: "kintsugi-pause" }));
  return [];
}

function namespaceOf(stage: Stage, random: Random): string {
  return random.pick(stage.apps).ref.namespace;
}

function some(stage: Stage, random: Random): readonly App[] {
  return random.shuffle(stage.apps).slice(0, random.between(1, 5));
}

function partsOf({ ref, hasService }: App): readonly Ref[] {
  return hasService ? [ref, { kind: "Service", namespace: ref.namespace, name: ref.name }] : [ref];
}

function mark(stage: Stage, ref: Ref, marks: Marks, actor = ADMIN): void {
  const { api, store } = stage.cluster.world;
  const found = store.find(ref);
  if (found === undefined) throw new Error(`${refKey(ref)} is not there to be marked`);
  const { labels, annotations } = found.metadata;
  const metadata = { ...found.metadata, labels: { ...labels, ...marks.labels }, annotations: { ...annotations, ...marks.annotations } };
  api.update(actor, { ...found, metadata } as ClusterObject);
}
