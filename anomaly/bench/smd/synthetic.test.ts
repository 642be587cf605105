import { expect, test } from "vitest";
import { syntheticMachine } from "./synthetic.ts";

test("a made server is the same for the same seed, another for another", () => {
  const [first, again, other] = [syntheticMachine(1, 500, 1500), syntheticMachine(1, 500, 1500), syntheticMachine(2, 500, 1500)];
  expect(again).toEqual(first);
  expect(other.test.values).not.toEqual(first.test.values);
});

test("a made server has a history, rows with anomalies and rows without, and only numbers", () => {
  for (let seed = 1; seed <= 10; seed++) {
    const { history, test: rows, labels } = syntheticMachine(seed, 500, 1500);
    expect(history.rows).toBe(500);
    expect(rows.columns).toBe(history.columns);
    const labelled = labels.reduce((sum, label) => sum + label, 0);
    expect(labelled).toBeGreaterThan(0);
    expect(labelled).toBeLessThan(1500);
    expect([...history.values, ...rows.values].every(Number.isFinite)).toBe(true);
  }
});
