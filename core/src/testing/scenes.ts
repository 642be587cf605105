/** Small clusters for the stories of detectors and failure modes, and ways to look at them. */

import { DETECTORS } from "../detect/catalog.ts";
import { CONFIDENCE } from "../diagnose/confidence.generated.ts";
import type { ConfidenceTable } from "../diagnose/confidence-table.ts";
import { diagnose } from "../diagnose/diagnose.ts";
import type { Diagnosis } from "../model/diagnosis.ts";
import type { Case } from "../model/failure-mode.ts";
import type { Detection, Detector, DetectWindows, Finding } from "../model/finding.ts";
import type { KnownGood } from "../model/known-good.ts";
import type { ClusterObject, Deployment, Pod, ReplicaSet } from "../model/kube.ts";
import type { Ref } from "../model/ref.ts";
import { type ArrayViewOptions, viewOf } from "./array-view.ts";
import { at, type DeploymentOver, deployment, pod, ref, replicaSet, stamp, type TemplateOver, template } from "./objects.ts";

/** The shipped policy's windows. */
export const WINDOWS: DetectWindows = {
  notReadyMs: 90_000,
  crashWindowMs: 600_000,
  unschedulableMs: 120_000,
  cordonMs: 3_600_000,
  nodeNotReadyMs: 40_000,
  scaledToZeroMs: 120_000,
  stormMs: 300_000,
  leftoversMs: 600_000,
};

export interface Scene extends ArrayViewOptions {
  readonly objects: readonly ClusterObject[];
  /** Seconds after the epoch. */
  readonly now: number;
  readonly subject?: Ref;
}

/** What one detector says of the scene's subject, by default Deployment cart. */
export function look(detector: Detector, scene: Scene): Detection {
  return detector.detect(scene.subject ?? ref("Deployment", "cart"), viewOf(scene.objects, scene), at(scene.now), WINDOWS);
}

/** What every detector says of it. */
export function findingsOf(scene: Scene): readonly Finding[] {
  const subject = scene.subject ?? ref("Deployment", "cart");
  const fitting = DETECTORS.filter((detector) => detector.subjects.includes(subject.kind));
  return fitting.flatMap((detector) => look(detector, scene).finding ?? []);
}

/** The scene as a failure mode sees it. `since` defaults to the earliest finding, `findings` to what the detectors say. */
export function caseOf(scene: Scene, over: Partial<Case> = {}): Case {
  const findings = over.findings ?? findingsOf(scene);
  return {
    subject: scene.subject ?? ref("Deployment", "cart"),
    findings,
    since: Math.min(at(scene.now), ...findings.map((finding) => finding.since)),
    view: viewOf(scene.objects, scene),
    now: at(scene.now),
    ...over,
  };
}

export function diagnosisOf(scene: Scene, table: ConfidenceTable = { ...CONFIDENCE, entries: {} }): Diagnosis {
  return diagnose(caseOf(scene), table);
}

/** Ids of the candidates, best first. */
export function modesOf(scene: Scene): readonly string[] {
  return diagnosisOf(scene).candidates.map((candidate) => candidate.mode);
}

export interface Settled {
  name?: string;
  replicas?: number;
  template?: TemplateOver;
  /** Makes the pods of the only revision; by default ready ones. */
  pods?: (set: ReplicaSet) => readonly Pod[];
  deployment?: DeploymentOver;
}

/** A Deployment with one revision, made at second 0. */
export function settled({ name = "cart", replicas = 2, template: over = {}, pods, deployment: more = {} }: Settled = {}): readonly ClusterObject[] {
  const tpl = template({ labels: { app: name }, ...over });
  const owner = deployment(name, { ...more, spec: { replicas, template: tpl, ...more.spec } });
  const set = replicaSet(owner, 1);
  const made = pods?.(set) ?? readyPods(set, replicas);
  return [owner, set, ...made];
}

export function readyPods(set: ReplicaSet, count: number): readonly Pod[] {
  return Array.from({ length: count }, (_, i) => pod(`${set.metadata.name}-${i}`, { ownedBy: set }));
}

export interface Rollout {
  name?: string;
  replicas?: number;
  old?: TemplateOver;
  next?: TemplateOver;
  /** When the new revision began, seconds. */
  began?: number;
  newPods: (set: ReplicaSet) => readonly Pod[];
  /** Ready pods of the old revision that are still there. */
  oldPods?: number;
  deployment?: DeploymentOver;
}

/** A Deployment in the middle of its second revision. Pods of `newPods` should be created at `began`: see `bornAt`. */
export function rollout(scene: Rollout): readonly ClusterObject[] {
  const { name = "cart", replicas = 2, old = {}, next = {}, began = 3_600, oldPods = replicas, deployment: more = {} } = scene;
  const before = template({ labels: { app: name }, ...old });
  const after = template({ labels: { app: name }, ...next });
  const owner: Deployment = deployment(name, {
    metadata: { generation: 2, annotations: { "deployment.kubernetes.io/revision": "2" } },
    ...more,
    spec: { replicas, template: after, ...more.spec },
    status: { updatedReplicas: 1, replicas: oldPods + 1, readyReplicas: oldPods, availableReplicas: oldPods, ...more.status },
  });
  const first = replicaSet(owner, 1, { template: before, replicas: oldPods });
  const second = replicaSet(owner, 2, { template: after, replicas: 1, ready: 0, metadata: { creationTimestamp: stamp(began) } });
  return [owner, first, second, ...readyPods(first, oldPods), ...scene.newPods(second)];
}

/** Metadata of a pod that was made then. */
export function bornAt(seconds: number): { creationTimestamp: string } {
  return { creationTimestamp: stamp(seconds) };
}

/** Our own record of a spec that was healthy at second 300. */
export function knownGood(object: Ref, spec: KnownGood["spec"], seconds = 300): KnownGood {
  const { kind, namespace, name } = object;
  return { ref: { kind, namespace, name }, firstSeen: at(seconds), lastSeen: at(seconds), spec };
}
