import { expect, it } from "vitest";
import { alarmsOf } from "./alarms.ts";

const digits = (text: string): number[] => Array.from(text, Number);

it("counts alarms that are apart, those that are wrong, and how late the right ones are", () => {
  const labels = Uint8Array.from(digits("0000111100000110"));
  const scores = Float64Array.from(digits("0500009090000000"));
  expect(alarmsOf(labels, scores, 4, 2)).toEqual({ raised: 2, false: 1, anomalies: 2, found: 1, delays: [2] });
  expect(alarmsOf(labels, scores, 4, 1)).toEqual({ raised: 3, false: 2, anomalies: 2, found: 1, delays: [2] });
});

it("raises nothing where nothing is above", () => {
  expect(alarmsOf(Uint8Array.of(0, 1, 0), Float64Array.of(1, 1, 1), 1, 5)).toEqual({ raised: 0, false: 0, anomalies: 1, found: 0, delays: [] });
});
