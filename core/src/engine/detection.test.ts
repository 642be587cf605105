/** The law of detection and correlation: looking again at what an input touches finds the same as looking at everything. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Correlated, correlate } from "../correlate/correlate.ts";
import { WHOLE_CLUSTER } from "../correlate/storm.ts";
import { DETECTORS } from "../detect/catalog.ts";
import { type Finding, findingKey } from "../model/finding.ts";
import type { ClusterObject } from "../model/kube.ts";
import { PolicySpec } from "../model/policy.ts";
import { KINDS, type Ref, refKey } from "../model/ref.ts";
import type { Observation } from "../ports/cluster.ts";
import { Lives } from "../testing/lives.ts";
import { cordonedNode, event, failedJob, job, node, service } from "../testing/more-objects.ts";
import {
  at,
  condition,
  container,
  deployment,
  meta,
  pod,
  ref,
  replicaSet,
  running,
  stamp,
  template,
  terminated,
  unscheduledPod,
  waiting,
} from "../testing/objects.ts";
import { knownGood, WINDOWS } from "../testing/scenes.ts";
import { Correlation } from "./correlation.ts";
import { Detection, isSubject } from "./detection.ts";
import { createView, type ObservedView } from "./view.ts";

const APPS = ["cart", "web"] as const;
type App = (typeof APPS)[number];
const app = fc.constantFrom(...APPS);

/** One thing that happens; `t` is seconds after the epoch. */
type Change = (t: number) => { readonly seen?: readonly Observation[]; readonly later?: number; readonly known?: { ref: Ref; pods: string } };

function saw(object: ClusterObject): { seen: readonly Observation[] } {
  return { seen: [{ type: "object", object }] };
}

function went(what: Ref): { seen: readonly Observation[] } {
  return { seen: [{ type: "gone", ref: what }] };
}

/** Each of the two calls the other, and both mount one claim. */
function called(name: App, address = `${name === "cart" ? "web" : "cart"}:80`) {
  const volumes = [{ name: "media", persistentVolumeClaim: { claimName: "media" } }];
  return template({ labels: { app: name }, containers: [container({ env: [{ name: "UPSTREAM", value: address }] })], spec: { volumes } });
}

function owned(name: App, t: number) {
  return replicaSet(deployment(name, { spec: { template: called(name) } }), 1, {
    metadata: { labels: { app: name }, creationTimestamp: stamp(Math.min(t, 1)) },
  });
}

const SICK = {
  well: () => ({}),
  unready: (t: number) => ({ statuses: [running({ ready: false })], readySince: t }),
  crashing: (t: number) => ({
    readySince: t,
    statuses: [
      waiting("CrashLoopBackOff", "back-off", { restartCount: 4, lastState: terminated({ startedAt: stamp(Math.max(0, t - 5)), finishedAt: stamp(t) }) }),
    ],
  }),
  oom: (t: number) => ({
    readySince: t,
    statuses: [
      waiting("CrashLoopBackOff", "back-off", { restartCount: 3, lastState: terminated({ reason: "OOMKilled", exitCode: 137, finishedAt: stamp(t) }) }),
    ],
  }),
  pulling: (t: number) => ({ phase: "Pending", readySince: t, startTime: stamp(t), statuses: [waiting("ImagePullBackOff", "not found")] }),
  config: (t: number) => ({
    phase: "Pending",
    readySince: t,
    startTime: stamp(t),
    statuses: [waiting("CreateContainerConfigError", 'configmap "cart" not found')],
  }),
  mounting: (t: number) => ({ phase: "Pending", readySince: t, startTime: stamp(t), statuses: [waiting("ContainerCreating")] }),
  evicted: (t: number) => ({ phase: "Failed", reason: "Evicted", readySince: t, statuses: [] }),
} as const;

function mountFailed(of: ClusterObject, t: number) {
  return event(of, "FailedAttachVolume", 'Multi-Attach error for volume "pv-1" Volume is already used', t);
}

interface PodChange {
  readonly name: string;
  readonly of: App;
  readonly bare: boolean;
  readonly how: keyof typeof SICK;
  readonly on: string;
}

const podIs =
  ({ name, of, bare, how, on }: PodChange): Change =>
  (t) => {
    const base = { ...SICK[how](t), spec: { nodeName: on } };
    const made = pod(`${of}-${name}`, bare ? { ...base, metadata: { labels: { app: of } } } : { ...base, ownedBy: owned(of, t) });
    const { seen } = saw(made);
    return { seen: how === "mounting" ? [...seen, ...saw(mountFailed(made, t)).seen] : seen };
  };
const podChange = fc
  .record({
    name: fc.constantFrom("a", "b", "c"),
    of: app,
    bare: fc.boolean(),
    how: fc.constantFrom(...(Object.keys(SICK) as (keyof typeof SICK)[])),
    on: fc.constantFrom("n1", "n2"),
  })
  .map(podIs);
const podGone = fc.record({ name: fc.constantFrom("a", "b", "c"), of: app }).map(
  ({ name, of }): Change =>
    () =>
      went(ref("Pod", `${of}-${name}`)),
);
const podWaits = fc.record({ of: app, why: fc.constantFrom("2 Insufficient cpu.", "pod has unbound immediate PersistentVolumeClaims.") }).map(
  ({ of, why }): Change =>
    (t) =>
      saw(unscheduledPod(`${of}-a`, `0/2 nodes are available: ${why}`, { ownedBy: owned(of, t) }, t)),
);
const claimChange = fc.constantFrom("pv-1", "pv-2").map(
  (volumeName): Change =>
    () =>
      saw({ kind: "PersistentVolumeClaim", metadata: meta("PersistentVolumeClaim", "media"), spec: { volumeName }, status: { phase: "Bound" } }),
);
const deploymentChange = fc
  .record({ of: app, replicas: fc.constantFrom(0, 2), available: fc.constantFrom(0, 1, 2), rolling: fc.boolean(), calls: fc.boolean() })
  .map(
    ({ of, replicas, available, rolling, calls }): Change =>
      (t) => {
        const conditions = [
          condition("Progressing", rolling ? "False" : "True", {
            reason: rolling ? "ProgressDeadlineExceeded" : "NewReplicaSetAvailable",
            lastUpdateTime: stamp(t),
          }),
        ];
        const spec = { replicas, template: calls ? called(of) : called(of, "nobody.example.com:80") };
        return saw(deployment(of, { spec, status: { availableReplicas: Math.min(replicas, available), conditions } }));
      },
  );
const setChange = fc.record({ of: app, gone: fc.boolean() }).map(
  ({ of, gone }): Change =>
    (t) =>
      gone ? went(ref("ReplicaSet", `${of}-1`)) : saw(owned(of, t)),
);
const deploymentGone = app.map(
  (of): Change =>
    () =>
      went(ref("Deployment", of)),
);
const serviceChange = fc
  .record({ of: app, selector: fc.constantFrom({ app: "cart" }, { app: "web" }, { app: "cart", tier: "x" }, { app: "catr" }, {}), gone: fc.boolean() })
  .map(
    ({ of, selector, gone }): Change =>
      (t) => {
        const managers = [{ manager: "kubectl", operation: "Update", time: stamp(t), subresource: "", paths: ["/spec/selector"] }];
        return gone ? went(ref("Service", of)) : saw(service(of, { metadata: { managers }, spec: { selector: selector as Record<string, string> } }));
      },
  );
const nodeChange = fc.record({ name: fc.constantFrom("n1", "n2"), how: fc.constantFrom("well", "cordoned", "down", "gone") }).map(
  ({ name, how }): Change =>
    (t) => {
      if (how === "gone") return went(ref("Node", name));
      if (how === "cordoned") return saw(cordonedNode(name, t));
      return saw(how === "well" ? node(name) : node(name, { status: { conditions: [condition("Ready", "Unknown", { lastTransitionTime: stamp(t) })] } }));
    },
);
const jobChange = fc.boolean().map(
  (fails): Change =>
    (t) =>
      saw(fails ? failedJob("report", "BackoffLimitExceeded", {}, t) : job("report")),
);
const eventChange = app.map(
  (of): Change =>
    (t) =>
      saw(event(owned(of, t), "FailedCreate", 'pods "x" is forbidden: exceeded quota: small, requested: pods=1', t)),
);
const healthChange = fc
  .record({ kind: fc.constantFrom("Pod" as const, "Node" as const, "Service" as const), health: fc.constantFrom("live" as const, "stale" as const) })
  .map(
    ({ kind, health }): Change =>
      () => ({ seen: [{ type: "health", kind, health, reason: "" }] }),
  );
const knownChange = fc.record({ of: app, kind: fc.constantFrom("Service" as const, "Deployment" as const) }).map(
  ({ of, kind }): Change =>
    () => ({ known: { ref: ref(kind, of), pods: of } }),
);
const time = fc.constantFrom(1, 30, 60, 100, 700, 4_000).map(
  (later): Change =>
    () => ({ later }),
);

const change: fc.Arbitrary<Change> = fc.oneof(
  { arbitrary: podChange, weight: 6 },
  { arbitrary: time, weight: 5 },
  { arbitrary: deploymentChange, weight: 3 },
  { arbitrary: serviceChange, weight: 2 },
  ...[podGone, podWaits, claimChange, setChange, deploymentGone, nodeChange, jobChange, eventChange, healthChange, knownChange].map((arbitrary) => ({
    arbitrary,
    weight: 1,
  })),
);

/** Both applications with their Services, of each one pod as told; then time goes on. */
function shop(cart: keyof typeof SICK | undefined, web: keyof typeof SICK | undefined): readonly Change[] {
  const apps = [
    { of: "cart", how: cart },
    { of: "web", how: web },
  ] as const;
  const there = apps.map(
    ({ of }): Change =>
      (t) => ({
        seen: [deployment(of, { spec: { replicas: 1, template: called(of) } }), owned(of, t), service(of, { spec: { selector: { app: of } } })].flatMap(
          (object) => saw(object).seen,
        ),
      }),
  );
  const pods = apps.flatMap(({ of, how }) =>
    how === undefined ? [] : [podIs({ name: "a", of, bare: false, how, on: "n1" }), (): ReturnType<Change> => ({ later: 20 })],
  );
  return [...there, ...pods, () => ({ later: 90 }), () => ({ later: 30 })];
}

/** What the changes begin with: nothing, or edges that are about to be drawn. */
const beginning = fc.constantFrom([], shop("unready", "unready"), shop("crashing", "unready"), shop("mounting", "mounting"), shop("unready", undefined));

const NOBODY = () => ({});
const POLICY = PolicySpec.parse({});

/** Without the wording and the first sight: a sentence that tells an age is as old as the last look, and a full pass sees everything for the first time. */
function told(findings: readonly Finding[]): unknown {
  return findings.map(({ summary: _, firstSeen: __, ...finding }) => finding).toSorted((a, b) => (findingKey(a) < findingKey(b) ? -1 : 1));
}

function toldOf({ groups, waiting: waits, recheckAt }: Correlated): unknown {
  return { groups: groups.map(({ findings, ...group }) => ({ ...group, findings: told(findings) })), waits, recheckAt };
}

/** Everything that is there now, seen for the first time. */
function fullPass(view: ObservedView, now: number): { readonly detection: Detection; readonly correlated: Correlated } {
  const fresh = createView();
  const detection = new Detection();
  const objects = KINDS.flatMap((kind): readonly ClusterObject[] => view.all(kind));
  const seen: Observation[] = KINDS.map((kind) => ({ type: "health", kind, health: view.health(kind), reason: "" }));
  for (const object of objects) seen.push({ type: "object", object });
  for (const kind of ["Service", "Deployment"] as const) for (const name of APPS) fresh.setKnownGood(ref(kind, name), view.knownGood(ref(kind, name)));
  detection.touch(fresh.apply(seen));
  detection.run(fresh, DETECTORS, NOBODY, WINDOWS, now);
  return { detection, correlated: correlate(detection.findings(), fresh, now, POLICY) };
}

/** Which of the edges were drawn. */
function edgesOf({ groups, waiting: waits }: Correlated): readonly string[] {
  const whys = groups.flatMap((group) => group.explains.map(({ why }) => why));
  const edges = ["calls", "same cause", "failing pods are on"].filter((words) => whys.some((why) => why.includes(words)));
  return waits.size > 0 ? [...edges, "waits"] : edges;
}

class Watched {
  readonly view = createView();
  readonly detection = new Detection();
  readonly correlation = new Correlation();
  now = at(0);
  #version = 1;
  readonly #lives = new Lives();

  constructor() {
    this.#take(KINDS.map((kind) => ({ type: "health", kind, health: "live", reason: "" })));
  }

  happens(one: Change): void {
    const { seen = [], later = 0, known } = one((this.now - at(0)) / 1_000);
    this.now += later * 1_000;
    this.#take(seen);
    if (known !== undefined) {
      const spec = known.ref.kind === "Service" ? { selector: { app: known.pods } } : { replicas: 2 };
      this.detection.touch(this.view.setKnownGood(known.ref, [knownGood(known.ref, spec)]));
    }
    const changed = this.detection.run(this.view, DETECTORS, NOBODY, WINDOWS, this.now);
    const isStorm = this.correlation.last.groups.some((group) => group.subject === WHOLE_CLUSTER);
    if (changed || isStorm || this.correlation.isDue(this.now)) {
      this.correlation.run(this.detection.findings(), this.view, this.now, POLICY, new Map());
    }
  }

  #take(seen: readonly Observation[]): void {
    const numbered = seen.map((one): Observation => {
      if (one.type === "gone") this.#lives.end(this.view.find(one.ref)?.metadata.uid);
      if (one.type !== "object") return one;
      this.#version += 1;
      const metadata = { ...one.object.metadata, resourceVersion: `${this.#version}` };
      return { type: "object", object: this.#lives.present({ ...one.object, metadata } as ClusterObject) };
    });
    const touched = this.view.apply(numbered);
    this.detection.touch(touched);
    this.correlation.touch(touched);
  }
}

test("after any sequence of changes the findings, and what explains what, are those of a full pass", () => {
  const found = new Set<string>();
  fc.assert(
    fc.property(beginning, fc.array(change, { minLength: 1, maxLength: 30 }), (first, changes) => {
      const watched = new Watched();
      for (const one of [...first, ...changes]) {
        watched.happens(one);
        const full = fullPass(watched.view, watched.now);
        expect(told(watched.detection.findings())).toEqual(told(full.detection.findings()));
        expect(toldOf(watched.correlation.last)).toEqual(toldOf(full.correlated));
        for (const finding of full.detection.findings()) found.add(finding.detector);
        for (const edge of edgesOf(full.correlated)) found.add(edge);
      }
    }),
    { numRuns: 300 },
  );
  // A law that is only ever tried on quiet clusters holds nothing.
  expect([...found].toSorted()).toEqual(expect.arrayContaining(["container-crashing", "image-pull", "node-not-ready", "pod-not-ready", "volume-unavailable"]));
  expect([...found]).toEqual(expect.arrayContaining(["calls", "same cause", "waits"]));
});

test("time alone makes a finding when its grace period is over, and not before", () => {
  const watched = new Watched();
  watched.happens((t) => saw(node("n1", { status: { conditions: [condition("Ready", "Unknown", { lastTransitionTime: stamp(t) })] } })));
  expect(watched.detection.nextRecheck()).toBe(at(40));
  watched.happens(() => ({ later: 39 }));
  expect(watched.detection.findingsOf(ref("Node", "n1"))).toEqual([]);
  watched.happens(() => ({ later: 1 }));
  expect(watched.detection.findingsOf(ref("Node", "n1")).map((finding) => finding.detector)).toEqual(["node-not-ready"]);
});

test("when a finding was first seen is kept for as long as it lasts", () => {
  const watched = new Watched();
  const down = (t: number) => saw(node("n1", { status: { conditions: [condition("Ready", "Unknown", { lastTransitionTime: stamp(t) })] } }));
  const times = () => watched.detection.findingsOf(ref("Node", "n1")).map(({ since, firstSeen }) => [since, firstSeen]);
  watched.happens((t) => ({ ...down(t), later: 60 }));
  watched.happens(() => ({ later: 60 }));
  watched.happens(() => down(0));
  expect(times()).toEqual([[at(0), at(60)]]);
  watched.happens(() => saw(node("n1")));
  watched.happens(() => ({ ...down(0), later: 60 }));
  expect(times()).toEqual([[at(0), at(180)]]);
});

test("a change that no detector of a subject asked about does not make it look again", () => {
  const watched = new Watched();
  const looked: string[] = [];
  const watch = (subject: Ref) => {
    looked.push(refKey(subject));
    return {};
  };
  const detection = new Detection();
  detection.touch(watched.view.apply([deployment("cart"), deployment("web")].map((object) => ({ type: "object", object }))));
  detection.run(watched.view, DETECTORS, watch, WINDOWS, at(1));
  expect(looked.toSorted()).toEqual(["Deployment/shop/cart", "Deployment/shop/web"]);
  looked.length = 0;
  const rs = replicaSet(deployment("cart"), 1);
  detection.touch(watched.view.apply([{ type: "object", object: rs }]));
  detection.run(watched.view, DETECTORS, watch, WINDOWS, at(1));
  expect(looked).toEqual(["Deployment/shop/cart"]);
});

test("run says whether what is wrong has changed", () => {
  const view = createView();
  const detection = new Detection();
  const run = (t: number) => detection.run(view, DETECTORS, NOBODY, WINDOWS, at(t));
  detection.touch(view.apply(KINDS.map((kind) => ({ type: "health", kind, health: "live", reason: "" }))));
  detection.touch(view.apply([{ type: "object", object: node("n1", { status: { conditions: [condition("Ready", "False")] } }) }]));
  expect(run(1)).toBe(false);
  expect(run(60)).toBe(true);
  detection.touchAll();
  expect(run(61)).toBe(false);
  detection.touch(view.apply([{ type: "gone", ref: ref("Node", "n1") }]));
  expect(run(62)).toBe(true);
  expect(detection.findings()).toEqual([]);
  expect(detection.size).toBe(0);
});

test("a root owner is a subject; what an observed owner answers for is not", () => {
  const rs = replicaSet(deployment("cart"), 1);
  const mirror = { apiVersion: "v1", kind: "Node", name: "n1", uid: "n1", controller: true };
  expect(isSubject(deployment("cart"))).toBe(true);
  expect(isSubject(rs)).toBe(false);
  expect(isSubject(pod("cart-a", { ownedBy: rs }))).toBe(false);
  expect(isSubject(pod("static", { metadata: { ownerReferences: [mirror] } }))).toBe(true);
  expect(isSubject(pod("custom", { metadata: { ownerReferences: [{ ...mirror, kind: "Rollout" }] } }))).toBe(true);
});
