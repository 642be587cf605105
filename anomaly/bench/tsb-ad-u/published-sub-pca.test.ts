import { expect, it } from "vitest";
// Made by oracle/sub_pca.py.
import reference from "../../src/window/fixtures/sub-pca.json" with { type: "json" };
import { publishedSubPca } from "./published-sub-pca.ts";

it("scores as the published code does", () => {
  const { window, scores } = reference.published;
  const found = publishedSubPca(Float64Array.from(reference.series), window);
  // A component may point either way, and the published score depends on which: scikit-learn's rule for the sign is ours.
  found.forEach((score, index) => {
    expect(Math.abs(score / (scores[index] as number) - 1)).toBeLessThan(1e-9);
  });
});
