import { expect, test } from "vitest";
import { severityOf } from "./severity.ts";

const SYSTEM = 2_000_000_000;

test.each([
  [0, "none", 0, "low"],
  [0.3, "none", 0, "low"],
  [0.5, "none", 0, "medium"],
  [0, "reduced", 0, "medium"],
  [0, "none", 1, "medium"],
  [0, "none", SYSTEM, "medium"],
  [1, "none", 0, "high"],
  [0.5, "reduced", 1, "high"],
  [0.9, "out", 0, "high"],
  [1, "out", 0, "critical"],
  [1, "none", SYSTEM, "critical"],
  [0, "out", SYSTEM, "high"],
] as const)("%d lost, Service %s, priority %i: %s", (lostShare, service, priority, expected) => {
  expect(severityOf({ lostShare, service, priority })).toBe(expected);
});
