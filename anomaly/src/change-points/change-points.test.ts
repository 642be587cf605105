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
  // Each of the four tests learns its level from 64 samples: what is learned falsely costs up to a factor of two.
  expect(count / alarms).toBeGreaterThan(500);
  expect(count / alarms).toBeLessThan(2_000);
});
