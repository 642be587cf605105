import { expect, it } from "vitest";
import { createRandom } from "../random.ts";
import { changePoints } from "./change-points.ts";
import { CHANGES, createCusum } from "./cusum.ts";

it("are what the streaming CUSUM tells, sample by sample", () => {
  const random = createRandom(1);
  const values = Float64Array.from({ length: 2_000 }, (_, index) => random.normal() * (index > 1_500 ? 3 : 1) + (index > 700 ? 4 : 0));
  const bank = createCusum(1);
  const told = [...values].flatMap((value, index) => {
    const kind = CHANGES[bank.push(0, value, index)];
    return kind === "none" ? [] : [{ kind, onset: bank.onset(0), detected: index }];
  });
  expect(told.length).toBeGreaterThanOrEqual(2);
  expect(changePoints(values)).toEqual(told);
});

it("alarm on noise about as rarely as was asked", () => {
  const random = createRandom(5);
  const count = 400_000;
  const values = Float64Array.from({ length: count }, () => random.normal());
  const alarms = changePoints(values, { samplesPerFalseAlarm: 1_000 }).length;
  expect(count / alarms).toBeGreaterThan(850);
  expect(count / alarms).toBeLessThan(1_700);
});

it("alarm on noise hardly more often while little has been learned", () => {
  const runs = Array.from({ length: 1_000 }, (_, seed) => {
    const random = createRandom(seed);
    return changePoints(Float64Array.from({ length: 564 }, () => random.normal())).length > 0;
  });
  // 5 % would be due: 500 judged samples at one alarm in 10,000.
  expect(runs.filter(Boolean).length).toBeLessThan(85);
});
