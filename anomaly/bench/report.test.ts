import { expect, it } from "vitest";
import { markdownOf, pictureOf, type Table } from "./report.ts";

const table: Table = {
  title: "Shapes",
  notes: ["Two series."],
  columns: ["method", "score", "wins"],
  rows: [
    { name: "ours", cells: [0.5, "1 of 2"], ours: true },
    { name: "a < b", cells: [0.25, undefined] },
  ],
  digits: 2,
  draw: "score",
};

it("is a table that Markdown understands", () => {
  expect(markdownOf(table)).toBe(
    [
      "### Shapes",
      "",
      "Two series.",
      "",
      "| method | score | wins |",
      "| --- | ---: | ---: |",
      "| **ours** | 0.50 | 1 of 2 |",
      "| a < b | 0.25 | - |",
      "",
    ].join("\n"),
  );
});

it("has a dash for each cell that a row leaves out", () => {
  expect(markdownOf({ ...table, rows: [{ name: "short", cells: [] }] })).toContain("| short | - | - |");
});

it("is a picture with one bar per row, as long as its value", () => {
  const picture = pictureOf(table) ?? "";
  const widths = [...picture.matchAll(/height="16"/g)];
  expect(widths).toHaveLength(2);
  expect([...picture.matchAll(/<rect x="250"[^>]*? width="([\d.]+)"/g)].map(([, width]) => Number(width))).toEqual([430, 215]);
  expect(picture).toContain("a &lt; b");
});

it("draws nothing where no column is to be drawn", () => {
  const { draw: _, ...plain } = table;
  expect(pictureOf(plain)).toBeUndefined();
});
