import { expect, test } from "vitest";
import { job, node } from "../../testing/more-objects.ts";
import { at, condition, container, pod, ref, running, stamp, terminated } from "../../testing/objects.ts";
import { look, settled } from "../../testing/scenes.ts";
import { podNotReadyDetector } from "./pod-not-ready.ts";

const probe = { httpGet: { path: "/ready", port: 8080 }, periodSeconds: 5, failureThreshold: 3 };
const unready = running({ ready: false }, 5);
const one = (over: Parameters<typeof pod>[1] = {}, spec = container({ readinessProbe: probe })) =>
  settled({
    template: { containers: [spec] },
    pods: (set) => [pod("cart-1-a", { ownedBy: set, statuses: [unready], ...over }), pod("cart-1-b", { ownedBy: set })],
  });

test("a pod that runs and stays unready is reported after the window", () => {
  expect(look(podNotReadyDetector, { objects: one(), now: 50 })).toEqual({ recheckAt: at(96) });
  expect(look(podNotReadyDetector, { objects: one(), now: 96 }).finding).toMatchObject({ count: 1, lostShare: 0.5, since: at(6) });
});

test("a slow start within its initial delay or its startup probe gets that time too", () => {
  const slow = container({ readinessProbe: { ...probe, initialDelaySeconds: 300 } });
  expect(look(podNotReadyDetector, { objects: one({}, slow), now: 200 })).toEqual({ recheckAt: at(395) });
  const starting = container({ readinessProbe: probe, startupProbe: { periodSeconds: 10, failureThreshold: 60 } });
  expect(look(podNotReadyDetector, { objects: one({ statuses: [running({ ready: false, started: false }, 5)] }, starting), now: 400 })).toEqual({
    recheckAt: at(695),
  });
});

test("ready pods, finished pods and pods on their way out are silent", () => {
  expect(look(podNotReadyDetector, { objects: settled(), now: 900 })).toEqual({});
  expect(look(podNotReadyDetector, { objects: one({ phase: "Succeeded" }), now: 900 })).toEqual({});
  expect(look(podNotReadyDetector, { objects: one({ metadata: { deletionTimestamp: stamp(20) } }), now: 900 })).toEqual({});
});

test("a container that is down or crashed again lately is another detector's", () => {
  const crashed = running({ ready: false, restartCount: 4, lastState: terminated({ startedAt: stamp(800), finishedAt: stamp(810) }) }, 820);
  expect(look(podNotReadyDetector, { objects: one({ statuses: [crashed] }), now: 900 })).toEqual({});
});

test("a pod on a node that is not ready points at the node", () => {
  const down = node("worker-1", { status: { conditions: [condition("Ready", "Unknown", { reason: "NodeStatusUnknown", lastTransitionTime: stamp(5) })] } });
  expect(look(podNotReadyDetector, { objects: [...one(), down], now: 200 }).finding?.cause).toEqual(ref("Node", "worker-1"));
});

test("pods of Jobs need not serve", () => {
  expect(podNotReadyDetector.subjects).not.toContain("Job");
  const owner = job("report", { status: { active: 1, succeeded: 0, conditions: [] } });
  expect(podNotReadyDetector.subjects).not.toContain(owner.kind);
});
