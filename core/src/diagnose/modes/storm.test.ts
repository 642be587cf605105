import { expect, test } from "vitest";
import type { Finding } from "../../model/finding.ts";
import { node } from "../../testing/more-objects.ts";
import { at, condition, ref, stamp } from "../../testing/objects.ts";
import { caseOf, findingsOf } from "../../testing/scenes.ts";
import { patternOf } from "../evidence.ts";
import { storm } from "./storm.ts";

const cluster = { kind: "Namespace", namespace: "", name: "*" } as const;
const finding = (members: Finding["members"]): Finding => ({
  detector: "storm",
  subject: cluster,
  since: at(100),
  summary: "2 of 5 nodes are not ready",
  members,
  count: members.length,
  lostShare: 1,
});
const given = (findings: readonly Finding[]) => caseOf({ objects: [], now: 200, subject: cluster }, { findings });

test("a storm is one incident, and nothing is done", () => {
  const many = given([finding([ref("Node", "a"), ref("Node", "b")])]);
  expect(patternOf(storm.examine(many) ?? [])).toBe("+many-nodes");
  expect(storm.remedies(many)).toEqual([]);
  expect(storm.healthy(many)).toEqual({ answer: "unhealthy", reason: "2 of 5 nodes are not ready" });
});

test("many owners at once are a storm too", () => {
  expect(patternOf(storm.examine(given([finding([ref("Deployment", "a")])])) ?? [])).toBe("+many-owners");
});

test("it is over when the rule is no longer met", () => {
  expect(storm.healthy(given([]))).toMatchObject({ answer: "healthy" });
});

test("one node that is down, and one that restarts its kubelet, are no storm", () => {
  const down = (since: number) => node("worker-1", { status: { conditions: [condition("Ready", "Unknown", { lastTransitionTime: stamp(since) })] } });
  const seen = (since: number) => findingsOf({ objects: [down(since)], now: 200, subject: ref("Node", "worker-1") });
  expect(seen(100).map((one) => one.detector)).toEqual(["node-not-ready"]);
  expect(storm.examine(caseOf({ objects: [down(100)], now: 200, subject: ref("Node", "worker-1") }))).toBeUndefined();
  expect(seen(190)).toEqual([]);
});
