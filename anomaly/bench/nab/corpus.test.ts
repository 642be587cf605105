import { expect, it } from "vitest";
import { seriesOf } from "./corpus.ts";

const text = "timestamp,value\n2014-04-01 00:00:00,1.5\n2014-04-01 00:05:00,2\n2014-04-01 00:10:00,-3\n";

it("reads rows and finds the rows of a labelled window", () => {
  const series = seriesOf("group/file.csv", text, [["2014-04-01 00:05:00.000000", "2014-04-01 00:10:00.000000"]]);
  expect([...series.values]).toEqual([1.5, 2, -3]);
  expect((series.times[1] as number) - (series.times[0] as number)).toBe(300_000);
  expect(series.windows).toEqual([{ first: 1, last: 2 }]);
});

it("refuses a window that no row begins", () => {
  expect(() => seriesOf("group/file.csv", text, [["2014-04-01 00:06:00.000000", "2014-04-01 00:10:00.000000"]])).toThrow("no row has that time");
});
