import { expect, it } from "vitest";
import { labelledSeriesOf } from "./groups.ts";

it("reads both ways in which the files write times, missing values, and stretches of labels up to the end", () => {
  const text = 'TimeStamp,Value,Label\n"2018-03-15T00:00:00Z",3,1\n2018-03-15 01:00:00,,1\n2018-03-15 02:00:00,5,0\n2018-03-15 03:00:00,5,1\n';
  const series = labelledSeriesOf("some", text);
  expect([...series.values]).toEqual([3, Number.NaN, 5, 5]);
  expect([...series.labels]).toEqual([1, 1, 0, 1]);
  expect((series.times[3] as number) - (series.times[0] as number)).toBe(3 * 3_600_000);
  expect(series.stretches).toEqual([
    { first: 0, last: 1 },
    { first: 3, last: 3 },
  ]);
});
