import { expect, test } from "vitest";
import type { ClusterObject } from "../../model/kube.ts";
import { autoscaler, service } from "../../testing/more-objects.ts";
import { deployment, ref, stamp } from "../../testing/objects.ts";
import { caseOf, findingsOf, knownGood, settled } from "../../testing/scenes.ts";
import { patternOf } from "../evidence.ts";
import { scaledToZero } from "./scaled-to-zero.ts";

const managers = [{ manager: "kubectl-scale", operation: "Update", time: stamp(1_000), subresource: "scale", paths: ["/spec/replicas"] }];
const zero = deployment("cart", { metadata: { managers }, spec: { replicas: 0 } });
const record = [knownGood(ref("Deployment", "cart"), { replicas: 3 })];
const scene = (...objects: readonly ClusterObject[]) => ({ objects, now: 2_000, knownGood: record });
const pattern = (given: ReturnType<typeof caseOf>) => patternOf(scaledToZero.examine(given) ?? []);

test("replicas that were there are asked for again: a person may have meant it", () => {
  const given = caseOf(scene(zero, service()));
  expect(scaledToZero.maybeMeant).toBe(true);
  expect(pattern(given)).toBe("+had-replicas +service-unserved");
  expect(scaledToZero.examine(given)?.[0]?.text).toContain("set to 0 by kubectl-scale 17 min ago");
  expect(scaledToZero.remedies(given)).toMatchObject([{ action: "scale-to-previous", target: { kind: "Deployment", name: "cart" } }]);
  expect(scaledToZero.healthy(given).answer).toBe("unhealthy");
});

test("without a record there is no number to go back to", () => {
  const given = caseOf({ objects: [zero, service()], now: 2_000 });
  expect(pattern(given)).toBe("-had-replicas +service-unserved");
  expect(scaledToZero.remedies(given)).toEqual([]);
});

test("what a machine scales is left to it", () => {
  const given = caseOf(scene(zero, service(), autoscaler("cart", { kind: "Deployment", name: "cart" })));
  expect(pattern(given)).toContain("-scaled-by-machine");
  expect(scaledToZero.remedies(given)).toEqual([]);
});

test("a zero without callers, and a zero from the start, are silent", () => {
  expect(findingsOf(scene(zero))).toEqual([]);
  expect(findingsOf({ objects: [zero, service()], now: 2_000 })).toEqual([]);
});

test("it is healed when its replicas are ready again", () => {
  expect(scaledToZero.healthy(caseOf(scene(...settled(), service())))).toMatchObject({ answer: "healthy" });
});
