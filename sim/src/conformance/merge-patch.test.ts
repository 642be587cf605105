import { expect, test } from "vitest";
import { merged } from "./merge-patch.ts";

test("a strategic merge patch changes named containers in place, adds others, and removes what is null", () => {
  const spec = { replicas: 2, containers: [{ name: "app", image: "a", command: ["x", "y"] }], nodeSelector: { zone: "a" } };
  const patch = {
    containers: [
      { name: "app", command: ["z"] },
      { name: "side", image: "b" },
    ],
    nodeSelector: null,
  };
  expect(merged(spec, patch)).toEqual({
    replicas: 2,
    containers: [
      { name: "app", image: "a", command: ["z"] },
      { name: "side", image: "b" },
    ],
  });
});

test("a list of plain values takes the place of the one before", () => {
  expect(merged({ args: ["a", "b"] }, { args: ["c"] })).toEqual({ args: ["c"] });
});
