import { expect, it } from "vitest";
import { inArguments, nextStep } from "./next-step.ts";

it.each([
  ["querystring/labelSelector: is no requirement", "label_selector: is no requirement"],
  ["querystring/namespace: is missing: write a text; querystring/name: is missing", "namespace: is missing: write a text; name: is missing"],
  ["body/target/kind: is not known here", "target.kind: is not known here"],
  ["querystring/: kind and name go together", "kind and name go together"],
  ["write body/kind: as it is", "write body/kind: as it is"],
])("the API's %j names the argument: %j", (said, told) => {
  expect(inArguments(said)).toBe(told);
});

it("a code says more than its status, and what is neither is left to the text", () => {
  expect(nextStep(404, "MODEL_NOT_FOUND")).toContain("list-models");
  expect(nextStep(404, "ANOTHER")).toContain("list-incidents");
  expect(nextStep(418)).toBeUndefined();
});
