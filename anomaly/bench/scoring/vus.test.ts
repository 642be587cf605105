import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/input-error.ts";
import { randomScores } from "./baselines.ts";
import { precisionRecall } from "./precision-recall.ts";
import { scoringWindow } from "./scoring-window.ts";
import { segmentsOf } from "./segments.ts";
import { vusPr } from "./vus.ts";

interface Reference {
  readonly cases: readonly {
    readonly name: string;
    readonly labels: string;
    readonly scores: number[];
    readonly window: number;
    readonly vusPr: number;
    readonly aucPr: number;
    readonly bestF1: number;
  }[];
  readonly windows: readonly { readonly name: string; readonly series: number[]; readonly window: number }[];
}

// Made by oracle/vus.py; the versions stand inside.
const reference = JSON.parse(readFileSync(new URL("fixtures/vus.json", import.meta.url), "utf8")) as Reference;
const labelsOf = (text: string): Uint8Array => Uint8Array.from(text, Number);

describe("scores as the public scorers give them", () => {
  for (const { name, labels, scores, window, ...wanted } of reference.cases)
    it(`agrees on ${name}`, () => {
      const found = Float64Array.from(scores);
      expect(vusPr(labelsOf(labels), found, window)).toBeCloseTo(wanted.vusPr, 12);
      const { aucPr, bestF1 } = precisionRecall(labelsOf(labels), found);
      expect(aucPr).toBeCloseTo(wanted.aucPr, 12);
      expect(bestF1).toBeCloseTo(wanted.bestF1, 12);
    });

  for (const { name, series, window } of reference.windows)
    it(`finds the window of ${name}`, () => {
      expect(scoringWindow(Float64Array.from(series))).toBe(window);
    });
});

describe("what scores mean", () => {
  const labels = labelsOf("0".repeat(150) + "1".repeat(20) + "0".repeat(330));

  it("is the same whatever rising scale a detector uses", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 80 }), (seed, window) => {
        const scores = randomScores(labels.length, seed);
        const other = scores.map((score) => 8 * score - 3);
        expect(vusPr(labels, other, window)).toBeCloseTo(vusPr(labels, scores, window), 12);
      }),
      { numRuns: 20 },
    );
  });

  it("gives the labels themselves everything where nothing is widened, and chance about the share of labels", () => {
    expect(vusPr(labels, Float64Array.from(labels), 0)).toBe(1);
    expect(precisionRecall(labels, Float64Array.from(labels))).toEqual({ aucPr: 1, bestF1: 1 });
    const chance = Array.from({ length: 20 }, (_, seed) => precisionRecall(labels, randomScores(labels.length, seed)).aucPr);
    expect(chance.reduce((sum, each) => sum + each) / chance.length).toBeCloseTo(20 / 500, 1);
  });

  it("scores the longest machine in well under a second", () => {
    const many = Uint8Array.from({ length: 28_700 }, (_, index) => (index % 2_400 > 2_300 ? 1 : 0));
    const began = performance.now();
    vusPr(many, randomScores(many.length, 1), 300);
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});

it("refuses what cannot be scored", () => {
  const labels = labelsOf("00110");
  expect(() => vusPr(labels, new Float64Array(4), 1)).toThrow("4 scores for 5 labels");
  expect(() => vusPr(labels, Float64Array.of(0, 1, Number.NaN, 0, 0), 1)).toThrow("score 2 is not a number");
  expect(() => vusPr(new Uint8Array(5), new Float64Array(5), 1)).toThrow(InputError);
  expect(() => precisionRecall(new Uint8Array(5), new Float64Array(5))).toThrow(InputError);
});

it("sees runs of labels, also at both ends, and none where all is labelled", () => {
  expect(segmentsOf(labelsOf("1001101"))).toEqual([
    { first: 0, final: 0 },
    { first: 3, final: 4 },
    { first: 6, final: 6 },
  ]);
  expect(segmentsOf(labelsOf("111"))).toEqual([]);
});
