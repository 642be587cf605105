import { expect, it } from "vitest";
import { averageRunLength, createRandom } from "../../src/index.ts";
import { calibrated, KINDS, samplesPerAlarm } from "./chart.ts";

const kind = (name: string) => KINDS.find((each) => each.name.startsWith(name)) ?? KINDS[0];

it("the CUSUM of books alarms as often as Siegmund says", () => {
  const { normal } = createRandom(1);
  const measured = samplesPerAlarm(kind("CUSUM, told")?.make(4) ?? { push: () => false }, normal, 200_000);
  expect(measured / (averageRunLength(0, 0.5, 4) / 2)).toBeGreaterThan(0.93);
  expect(measured / (averageRunLength(0, 0.5, 4) / 2)).toBeLessThan(1.07);
});

it.each(KINDS.slice(0, -1).map((each) => [each.name, each] as const))("%s is calibrated to the rate that is asked", (_, each) => {
  const { normal } = createRandom(7);
  const measured = samplesPerAlarm(each.make(calibrated(each, 100)), normal, 50_000);
  expect(measured).toBeGreaterThan(80);
  expect(measured).toBeLessThan(125);
});
