import { expect, test } from "vitest";
import type { Finding } from "../model/finding.ts";
import { PolicySpec } from "../model/policy.ts";
import { viewOf } from "../testing/array-view.ts";
import { at, ref } from "../testing/objects.ts";
import { detectStorm } from "./storm.ts";

const POLICY = PolicySpec.parse({}).storm;

/** A workload that lost half of its pods; seconds after the epoch. */
const fell = (name: string, since: number, firstSeen = since): Finding => ({
  detector: "pod-not-ready",
  subject: ref("Deployment", name),
  since: at(since),
  firstSeen: at(firstSeen),
  summary: "",
  members: [],
  count: 1,
  lostShare: 0.5,
});
const many = (count: number, of: (i: number) => Finding) => Array.from({ length: count }, (_, i) => of(i));
const storm = (findings: readonly Finding[], now: number) => detectStorm(findings, viewOf([]), at(now), POLICY)?.summary;

test("what began within five minutes counts, however long it took to be sure of it", () => {
  const spread = [...many(9, (i) => fell(`d${i}`, 0, 90)), fell("last", 290, 380)];
  expect(storm(spread, 380)).toBe("10 workloads went wrong within 5 minutes");
  expect(storm(spread.slice(1), 380)).toBeUndefined();
  expect(storm([...spread.slice(1), fell("later", 301, 391)], 391)).toBeUndefined();
});

test("rollouts that never got ahead are known after ten minutes, all at once", () => {
  expect(
    storm(
      many(12, (i) => fell(`d${i}`, 0, 600)),
      600,
    ),
  ).toBe("12 workloads went wrong within 5 minutes");
});

test("it is over when nothing new has come to light for five minutes, even while the old trouble lasts", () => {
  const old = many(12, (i) => fell(`d${i}`, 0, 90));
  expect(storm(old, 390)).toBeDefined();
  expect(storm(old, 391)).toBeUndefined();
  // One that falls an hour later is no storm with them, and ten more are one without them.
  expect(storm([...old, fell("alone", 3_600, 3_690)], 3_690)).toBeUndefined();
  expect(storm([...old, ...many(11, (i) => fell(`e${i}`, 3_600, 3_690))], 3_690)).toBe("11 workloads went wrong within 5 minutes");
});

test("of troubles that go on and on, the five minutes with the most of them are told", () => {
  const rolling = many(30, (i) => fell(`d${i}`, i * 30, i * 30 + 90));
  expect(storm(rolling, 960)).toBe("11 workloads went wrong within 5 minutes");
});

test("two findings of one workload are one, and what lost nothing is none", () => {
  const twice = many(9, (i) => fell(`d${i}`, 0)).flatMap((one) => [one, { ...one, detector: "container-crashing" }]);
  expect(storm(twice, 60)).toBeUndefined();
  expect(storm([...twice, { ...fell("well", 0), lostShare: 0 }], 60)).toBeUndefined();
});
