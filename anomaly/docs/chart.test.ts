import { expect, it } from "vitest";
import { chartOf } from "./chart.ts";

const values = Float64Array.from({ length: 10 }, (_, index) => index);

it("draws one path per line, shades what was wrong and marks alarms", () => {
  const picture = chartOf({ name: "x", title: "a < b", truth: [[2, 4]], panels: [{ title: "p", lines: [{ label: "one", values }], alarms: [3] }] });
  expect(picture.match(/stroke-width="1.2"/g)).toHaveLength(1);
  expect(picture).toContain('fill="#f9e0a2"');
  expect(picture).toContain("&#9650; alarm");
  expect(picture).toContain("a &lt; b");
});

it("leaves a gap where a value is missing", () => {
  const picture = chartOf({ name: "x", title: "t", panels: [{ title: "p", lines: [{ label: "one", values: [1, 2, Number.NaN, 3, 4] }] }] });
  expect(/d="(M[^"]+)"/.exec(picture)?.[1]?.match(/M/g)).toHaveLength(2);
});

it("keeps the peaks of a long series, in a picture of bounded size", () => {
  const long = new Float64Array(200_000);
  long[123_456] = 1;
  const picture = chartOf({ name: "x", title: "t", panels: [{ title: "p", lines: [{ label: "one", values: long }] }] });
  expect(picture.length).toBeLessThan(40_000);
  expect(picture).toMatch(/ 60[L"]/);
});
