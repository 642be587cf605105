import { expect, test } from "vitest";
import { decideInput } from "../../testing/decide-input.ts";
import { at, ref } from "../../testing/objects.ts";
import { aftermath } from "./aftermath.ts";

const pay = ref("Deployment", "pay");
const elsewhere = { kind: "Deployment", namespace: "bank", name: "pay" } as const;
const worker = { kind: "Node", namespace: "", name: "worker-1" } as const;

test.each([
  ["after an act in its namespace that is being verified", pay, 250, "block"],
  ["before it", pay, 310, "pass"],
  ["after an act in another namespace", elsewhere, 250, "pass"],
  ["after an act on a node", worker, 250, "block"],
  ["beside an act that is not carried out yet", pay, undefined, "pass"],
] as const)("trouble that was first seen %s", (_, target, seconds, answer) => {
  const act = { incident: "inc-1", target, claims: [target], ...(seconds === undefined ? {} : { actedAt: at(seconds) }) };
  expect(aftermath.check(decideInput({ inFlight: [act] })).answer).toBe(answer);
});

test("the incident's own act does not hold it", () => {
  expect(aftermath.check(decideInput({ inFlight: [{ incident: "inc-7", target: pay, claims: [pay], actedAt: at(250) }] })).answer).toBe("pass");
});
