import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { FAULTS } from "./catalog.ts";

const NOT_FAULTS = ["catalog.ts", "fault.ts"];

describe("the catalogue of faults", () => {
  test("lists every file of its folder, each with a test beside it", () => {
    const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith(".ts"));
    const faults = files.filter((file) => !file.endsWith(".test.ts") && !NOT_FAULTS.includes(file)).map((file) => file.replace(".ts", ""));
    expect(FAULTS.map((fault) => fault.id).sort()).toEqual(faults.sort());
    expect(faults.filter((fault) => !files.includes(`${fault}.test.ts`))).toEqual([]);
  });

  test("names at least one fault for each of the first sixteen failure modes", () => {
    const modes = [
      ["crash-loop", "bad-command", "oom-killed", "readiness-failing", "image-not-found", "missing-config", "evicted-leftovers", "unschedulable"],
      ["forgotten-cordon", "bad-rollout", "scaled-to-zero", "failed-job", "quota-exceeded", "service-without-endpoints", "storm", "nothing-wrong"],
    ].flat();
    expect(modes.filter((mode) => !FAULTS.some((fault) => fault.truth[0] === mode))).toEqual([]);
  });
});
