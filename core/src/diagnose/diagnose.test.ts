import { expect, test } from "vitest";
import type { FailureMode } from "../model/failure-mode.ts";
import { at, container, pod, ref, running, stamp, template, terminated, waiting } from "../testing/objects.ts";
import { bornAt, caseOf, diagnosisOf, knownGood, modesOf, rollout, settled } from "../testing/scenes.ts";
import { diagnose } from "./diagnose.ts";
import { against, favours, patternOf } from "./evidence.ts";

const MISSING = "registry.test/cart:2: not found";
const EXEC = 'exec: "serve": executable file not found in $PATH: unknown';
const next = { containers: [container({ image: "registry.test/cart:2" })] };
const loop = (exitCode: number, reason = "Error", message = "") =>
  waiting("CrashLoopBackOff", "", { restartCount: 3, lastState: terminated({ reason, exitCode, message, startedAt: stamp(3_700), finishedAt: stamp(3_702) }) });
const bad = (status: ReturnType<typeof waiting>, over = {}) => ({
  objects: rollout({ next, newPods: (set) => [pod("cart-2-a", { ownedBy: set, metadata: bornAt(3_600), statuses: [status], ...over })] }),
  now: 3_710,
});

test("a missing image in a new revision is the image's trouble before it is the rollout's", () => {
  expect(modesOf(bad(waiting("ImagePullBackOff", MISSING), { phase: "Pending" }))).toEqual(["image-not-found", "bad-rollout"]);
});

test("so is a bad command, a missing ConfigMap, a memory limit", () => {
  expect(modesOf(bad(loop(128, "StartError", EXEC)))[0]).toBe("bad-command");
  expect(modesOf(bad(waiting("CreateContainerConfigError", 'configmap "conf" not found'), { phase: "Pending" }))[0]).toBe("missing-config");
  expect(modesOf(bad(loop(137, "OOMKilled")))[0]).toBe("oom-killed");
});

test("a new revision that crashes or fails its probe while the old one was fine is a bad rollout", () => {
  expect(modesOf(bad(loop(1)))[0]).toBe("bad-rollout");
  expect(modesOf({ ...bad(running({ ready: false }, 3_605), { readySince: 3_605 }), now: 4_210 })[0]).toBe("bad-rollout");
});

test("without a new revision a crash is a crash and an unready pod is unready", () => {
  const crash = settled({ pods: (set) => [pod("cart-1-a", { ownedBy: set, statuses: [loop(1)], metadata: bornAt(3_600) })] });
  expect(modesOf({ objects: crash, now: 3_710 })).toEqual(["crash-loop"]);
  const probe = { containers: [container({ readinessProbe: { tcpSocket: { port: 80 } } })] };
  const unready = settled({ template: probe, pods: (set) => [pod("cart-1-a", { ownedBy: set, statuses: [running({ ready: false }, 10)] })] });
  expect(modesOf({ objects: unready, now: 3_710 })).toEqual(["readiness-failing"]);
});

test("a Deployment that was deleted and made anew with a crash is held against our own record of it", () => {
  const crash = settled({
    pods: (set) => [pod("cart-1-a", { ownedBy: set, statuses: [waiting("CrashLoopBackOff", "", { restartCount: 3, lastState: terminated() })] })],
  });
  const record = knownGood(
    ref("Deployment", "cart"),
    { replicas: 2, template: template({ labels: { app: "cart" }, containers: [container({ image: "registry.test/cart:0" })] }) },
    -600,
  );
  expect(modesOf({ objects: crash, now: 60, knownGood: [record] })[0]).toBe("bad-rollout");
});

test("a revision that was seen healthy is not to blame for what comes later", () => {
  const crash = settled({ pods: (set) => [pod("cart-1-a", { ownedBy: set, statuses: [loop(1)] })] });
  const [owner] = crash;
  if (owner?.kind !== "Deployment") throw new Error("the scene begins with its Deployment");
  const good = [knownGood(ref("Deployment", "cart"), { template: owner.spec.template }), knownGood(ref("Deployment", "cart"), { template: template() }, -600)];
  expect(modesOf({ objects: crash, now: 3_710, knownGood: good })).toEqual(["crash-loop"]);
});

test("nothing that can be proven is an answer: a dead node has no candidate", () => {
  const finding = { detector: "node-not-ready", subject: ref("Node", "worker-1"), since: at(0), summary: "", members: [], count: 1, lostShare: 1 };
  const given = caseOf({ objects: [], now: 60, subject: ref("Node", "worker-1") }, { findings: [finding] });
  expect(diagnose(given, { seeds: "", date: "", entries: {} }).candidates).toEqual([]);
});

test("what changed shortly before is told", () => {
  const { changes } = diagnosisOf(bad(loop(1)));
  expect(changes.map((change) => change.id)).toEqual(["revision-changed"]);
  expect(changes[0]?.text).toContain("revision 2");
});

const mode = (id: string, number: number, specificity: 1 | 2 | 3, evidence: ReturnType<FailureMode["examine"]>): FailureMode => ({
  id,
  number,
  title: id,
  explains: ["x"],
  deterministic: true,
  maybeMeant: false,
  specificity,
  examine: () => evidence,
  remedies: () => [],
  healthy: () => ({ answer: "unknown", reason: "" }),
  recurrenceMs: () => 0,
});
const x = { detector: "x", subject: ref("Deployment", "cart"), since: at(0), summary: "", members: [], count: 1, lostShare: 0 };
const given = caseOf({ objects: [], now: 60 }, { findings: [x] });
const yes = favours("seen", "seen");
const table = (entries: Record<string, { right: number; cases: number }>) => ({ seeds: "1-9", date: "2026-03-01", entries });

test("the measured share goes before how specific a mode is, and that before its number", () => {
  const modes = [mode("c", 3, 1, [yes]), mode("b", 2, 2, [yes]), mode("a", 1, 2, [yes])];
  const ranked = (entries: Parameters<typeof table>[0]) => diagnose(given, table(entries), modes).candidates.map((candidate) => candidate.mode);
  expect(ranked({})).toEqual(["c", "a", "b"]);
  expect(ranked({ "b|+seen": { right: 99, cases: 100 } })).toEqual(["b", "c", "a"]);
  expect(ranked({ "c|+seen": { right: 10, cases: 100 } })).toEqual(["a", "b", "c"]);
});

test("fewer than fifty cases prove nothing", () => {
  const [few] = diagnose(given, table({ "a|+seen": { right: 49, cases: 49 } }), [mode("a", 1, 1, [yes])]).candidates;
  expect(few?.confidence).toEqual({ type: "unproven", cases: 49 });
  const [enough] = diagnose(given, table({ "a|+seen": { right: 45, cases: 50 } }), [mode("a", 1, 1, [yes])]).candidates;
  expect(enough?.confidence).toEqual({ type: "measured", share: 0.9, cases: 50 });
});

test("a candidate that its own evidence speaks against is dropped", () => {
  const doubted = mode("a", 1, 1, [yes, against("not", "not"), against("nor", "nor")]);
  const open = mode("b", 2, 1, [yes, against("not", "not")]);
  expect(diagnose(given, table({}), [doubted, open]).candidates.map((candidate) => candidate.mode)).toEqual(["b"]);
});

test("the pattern is the sorted ids with their signs, however the evidence was found", () => {
  expect(patternOf([favours("b", ""), against("a", ""), favours("b", "again")])).toBe("-a +b");
});
