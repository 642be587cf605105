import { expect, test } from "vitest";
import type { Preflight } from "../../model/incident.ts";
import { decideInput, imagePlan } from "../../testing/decide-input.ts";
import { permissions } from "./permissions.ts";

const asked = (over: Partial<Preflight>) => {
  const { preflight } = decideInput();
  if (preflight === undefined) throw new Error("no preflight");
  return decideInput({ preflight: { ...preflight, ...over } });
};
const answered = (answer: "allowed" | "denied" | "unknown") => asked({ permissions: [{ text: "patch deployments.apps in shop", answer }] });

test("allowed passes, denied names what is missing, and no answer is unknown", () => {
  expect(permissions.check(answered("allowed")).answer).toBe("pass");
  expect(permissions.check(answered("denied"))).toEqual({ answer: "block", reason: "not permitted: patch deployments.apps in shop" });
  expect(permissions.check(answered("unknown")).answer).toBe("unknown");
});

test("a permission that was not asked about is unknown", () => {
  expect(permissions.check(asked({ permissions: [] })).answer).toBe("unknown");
});

test("answers about another plan do not count, nor none at all", () => {
  expect(permissions.check(asked({ planHash: imagePlan({ risk: "high" }).hash })).answer).toBe("unknown");
  const { preflight: _, ...without } = decideInput();
  expect(permissions.check(without).answer).toBe("unknown");
});
