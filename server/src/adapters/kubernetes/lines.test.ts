import fc from "fast-check";
import { expect, it } from "vitest";
import { LineSplitter, LineTooLong } from "./lines.ts";

function split(chunks: readonly Buffer[], maxBytes = 1_000): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter(maxBytes, (line) => lines.push(line));
  for (const chunk of chunks) splitter.push(chunk);
  return lines;
}

it("lines come out whole however the bytes are cut, an unfinished last one does not come out", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary", maxLength: 20 })), fc.array(fc.nat({ max: 400 }), { maxLength: 20 }), (texts, cuts) => {
      const lines = texts.map((text) => Buffer.from(text.replaceAll("\n", "")).toString("utf8")).filter((text) => text !== "");
      const bytes = Buffer.from(`${lines.join("\n")}\n${lines.length === 0 ? "" : "unfinished"}`);
      const points = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
      const chunks = points.slice(1).map((end, i) => bytes.subarray(points[i], end));
      expect(split(chunks)).toEqual(lines);
    }),
  );
});

it("empty lines are no lines", () => {
  expect(split([Buffer.from("\n\na\n\n")])).toEqual(["a"]);
});

it("a line of the limit passes, a longer one is refused, finished or not, in one piece or many", () => {
  expect(split([Buffer.from(`${"x".repeat(10)}\n`)], 10)).toEqual(["x".repeat(10)]);
  expect(() => split([Buffer.from(`${"x".repeat(11)}\n`)], 10)).toThrow(LineTooLong);
  expect(() => split([Buffer.from("x".repeat(6)), Buffer.from("x".repeat(6))], 10)).toThrow(LineTooLong);
});
