import { expect, it } from "vitest";
import { probationOf } from "../nab/worth.ts";
import type { Chance } from "./chance.ts";
import type { Kind } from "./kind.ts";
import { KINDS, seriesOfKind } from "./synthetic.ts";

it("gives the same series for the same seed, and others for another", () => {
  const kind = KINDS[0] as Kind;
  const [one, other] = seriesOfKind(kind, 2, 7);
  expect(seriesOfKind(kind, 2, 7)).toEqual([one, other]);
  expect(seriesOfKind(kind, 3, 7)[1]).toEqual(other);
  expect(seriesOfKind(kind, 1, 8)[0]?.values).not.toEqual(one?.values);
});

for (const kind of KINDS)
  it(`makes ${kind.name}: numbers, times that rise, windows in order behind the probation, at most a tenth of the rows`, () => {
    for (const { values, times, windows } of seriesOfKind(kind, 6, 5)) {
      expect(values.every(Number.isFinite)).toBe(true);
      expect(times.every((time, row) => row === 0 || time > (times[row - 1] as number))).toBe(true);
      expect(new Set(values).size).toBeGreaterThan(5);
      const labelled = windows.reduce((sum, { first, last }) => sum + last - first + 1, 0);
      expect(labelled).toBeLessThanOrEqual(0.1 * values.length);
      windows.forEach(({ first, last }, index) => {
        expect(first).toBeGreaterThanOrEqual(windows[index - 1]?.last ?? probationOf(values.length));
        expect(last).toBeGreaterThan(first);
        expect(last).toBeLessThan(values.length);
      });
    }
  });

for (const kind of KINDS)
  it(`changes ${kind.name} by an incident of any type that does not last, and before the incident in nothing`, () => {
    for (let type = 0; type < Math.min(5, kind.types); type++) {
      const incident = { from: 500, until: 800, type, size: 1.2 };
      const course = kind.start({ chance: new NoChance() as unknown as Chance, day: 288, incidents: [incident] });
      const usual = kind.start({ chance: new NoChance() as unknown as Chance, day: 288, incidents: [] });
      let changed = 0;
      for (let row = 0; row < 800; row++) {
        const difference = course(row, row < 500 ? undefined : incident) - usual(row, undefined);
        if (row < 500) expect(difference).toBe(0);
        else changed = Math.max(changed, Math.abs(difference));
      }
      expect(changed).toBeGreaterThan(0);
    }
  });

/** Whatever is drawn is near its middle, and the same each time. */
class NoChance {
  #drawn = 0;
  happens = (): boolean => false;
  uniform = (from: number, to: number): number => from + (to - from) * (0.4 + 0.05 * (this.#drawn++ % 4));
  logUniform = (from: number, to: number): number => Math.sqrt(from * to);
  below = (): number => 0;
  normal = (): number => 0.5;
  exponential = (mean: number): number => mean;
  poisson = (mean: number): number => mean;
  burst = (): number => 1;
}
