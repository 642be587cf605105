import { describe, expect, it } from "vitest";
import { createRandom } from "../random.ts";
import { ScoreCalibration } from "./score-calibration.ts";

it("scores of any detector become p-values: as many small ones as they say", () => {
  const random = createRandom(14);
  const calibration = new ScoreCalibration();
  const counts = [0, 0];
  for (let push = 0; push < 120_000; push++) {
    const p = calibration.push(Math.abs(random.normal()));
    if (push < 20_000) continue;
    if (p <= 0.01) counts[0] = (counts[0] as number) + 1;
    if (p <= 0.0001) counts[1] = (counts[1] as number) + 1;
  }
  expect(Math.abs((counts[0] as number) / 1000 - 1)).toBeLessThan(0.1);
  expect(counts[1]).toBeGreaterThan(2);
  expect(counts[1]).toBeLessThan(25);
});

it("asking does not teach, and a snapshot in the middle changes nothing, however long it runs", () => {
  const random = createRandom(15);
  const whole = new ScoreCalibration({ memory: 50, scale: "plain" });
  let parted = new ScoreCalibration({ memory: 50, scale: "plain" });
  for (let push = 0; push < 3000; push++) {
    if (push === 1700) parted = ScoreCalibration.restore(parted.snapshot());
    const score = -Math.log(1 - random.next());
    whole.pValue(5);
    expect(parted.push(score)).toBe(whole.push(score));
  }
});

describe("refuses", () => {
  it.each([
    ["a negative score", () => new ScoreCalibration().push(-1), "the score is -1"],
    ["NaN", () => new ScoreCalibration().pValue(Number.NaN), "the score is NaN"],
    ["a memory of nothing", () => new ScoreCalibration({ memory: 0 }), "memory is 0"],
  ])("%s", (_, act, message) => expect(act).toThrow(message));
});

it("an infinite score is the largest, and the first score of all says nothing", () => {
  const calibration = new ScoreCalibration();
  expect(calibration.push(Number.POSITIVE_INFINITY)).toBe(1);
  for (let push = 0; push < 100; push++) calibration.push(0.5);
  expect(calibration.pValue(Number.POSITIVE_INFINITY)).toBeLessThan(0.05);
});

it("scores too large to be told apart are as usual as there are many of them, not rarer", () => {
  const random = createRandom(16);
  const calibration = new ScoreCalibration();
  for (let push = 0; push < 2000; push++) calibration.push(push % 2 === 0 ? random.next() : 100 + 100 * random.next());
  expect(calibration.pValue(150)).toBeGreaterThan(0.45);
});
