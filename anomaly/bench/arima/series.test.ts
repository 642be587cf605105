import { expect, it } from "vitest";
import { seriesOf } from "./series.ts";

it("reads both forms of time stamps, and finds the day", () => {
  const plain = seriesOf("a", "timestamp,value\n2014-02-14 14:30:00,1.5\n2014-02-14 14:35:00,2\n2014-02-14 14:45:00,3\n2014-02-14 14:50:00,4\n");
  expect([plain.name, [...plain.values], plain.day]).toEqual(["a", [1.5, 2, 3, 4], 288]);
  const quoted = seriesOf("b", '"TimeStamp","Value","Label"\r\n"2018-03-15T00:00:00Z",0,0\r\n"2018-03-15T01:00:00Z",7,1\r\n');
  expect([[...quoted.values], quoted.day]).toEqual([[0, 7], 24]);
});

it("a day that the spacing does not divide is no season", () => {
  expect(seriesOf("c", "t,v\n2014-02-14 00:00:00,1\n2014-02-14 00:07:00,1\n2014-02-14 00:14:00,1").day).toBe(1);
});
