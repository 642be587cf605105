import { expect, test } from "vitest";
import { at, deployment, ref } from "../../testing/objects.ts";
import { draftOf, reasonOf } from "../../testing/plans.ts";
import { scaleToPrevious } from "./scale-to-previous.ts";

const cart = ref("Deployment", "cart");
const scaledDown = deployment("cart", { spec: { replicas: 0 }, metadata: { generation: 4 } });
const known = (replicas: number | undefined, seconds: number) => ({
  ref: cart,
  firstSeen: at(0),
  lastSeen: at(seconds),
  spec: replicas === undefined ? {} : { replicas },
});

test("goes back to the replicas last seen healthy", () => {
  const draft = draftOf(scaleToPrevious, cart, [scaledDown], { knownGood: [known(3, 100), known(5, 50)] });
  expect(draft.diff).toEqual([{ path: "/spec/replicas", before: 0, after: 3 }]);
  expect(draft.fields).toEqual(["/spec/replicas"]);
});

test("nothing is guessed without history", () => {
  expect(reasonOf(scaleToPrevious, cart, [scaledDown])).toContain("was never seen healthy with more than its 0 replicas");
  expect(reasonOf(scaleToPrevious, cart, [scaledDown], { knownGood: [known(undefined, 10), known(0, 9)] })).toContain("was never seen");
});

test("is never a way to scale down", () => {
  expect(reasonOf(scaleToPrevious, cart, [deployment("cart", { spec: { replicas: 5 } })], { knownGood: [known(3, 100)] })).toContain("more than its 5");
});

test("a DaemonSet has no replicas to set", () => {
  expect(reasonOf(scaleToPrevious, ref("DaemonSet", "agent"), [])).toContain("has no replicas to set");
});
