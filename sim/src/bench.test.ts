import { expect, test } from "vitest";
import { speedWorkload } from "./bench.ts";

test("the speed workload has a hundred pods and is never idle for long", () => {
  const workload = speedWorkload();
  expect(workload.pods).toBe(100);
  const before = workload.cluster.timeline.now();
  expect(workload.run(3600)).toBeGreaterThan(1_000);
  expect(workload.cluster.timeline.now() - before).toBe(3_600_000);
});
