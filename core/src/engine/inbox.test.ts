import { expect, test } from "vitest";
import type { Observation } from "../ports/cluster.ts";
import { node } from "../testing/more-objects.ts";
import { Inbox } from "./inbox.ts";

const seen = (name: string, resourceVersion: string, uid = name): Observation => ({
  type: "object",
  object: node(name, { metadata: { resourceVersion, uid } }),
});
const gone = (name: string, uid = name): Observation => ({ type: "gone", ref: { kind: "Node", namespace: "", name, uid } });
const listed = (...names: string[]): Observation => ({ type: "listed", kind: "Node", objects: names.map((name) => node(name)) });
const health = (is: "live" | "stale"): Observation => ({ type: "health", kind: "Node", health: is, reason: "" });

/** What the next turn is told, when this came before it. */
function batch(...observations: readonly Observation[]): readonly Observation[] {
  const inbox = new Inbox();
  for (const one of observations) inbox.observe([one]);
  const input = inbox.next()?.input;
  expect(inbox.isEmpty).toBe(true);
  return input?.type === "observed" ? input.observations : expect.fail(`not a batch: ${input?.type}`);
}

test("of each object only the newest is kept", () => {
  expect(batch(seen("a", "1"), seen("b", "2"), seen("a", "3"))).toEqual([seen("b", "2"), seen("a", "3")]);
  expect(batch(seen("a", "1"), gone("a"))).toEqual([gone("a")]);
});

test("that one object went is not forgotten when another takes its name", () => {
  expect(batch(seen("a", "1", "old"), gone("a", "old"), seen("a", "2", "new"))).toEqual([gone("a", "old"), seen("a", "2", "new")]);
});

test("a list replaces what was seen of its kind, but not what went; what comes after it stays", () => {
  expect(batch(seen("a", "1"), gone("b"), listed("a"), listed("c"), seen("a", "3"))).toEqual([gone("b"), listed("c"), seen("a", "3")]);
});

test("a view is live only after its list, however often it broke meanwhile", () => {
  expect(batch(health("live"), seen("a", "1"), health("stale"), listed("a"), health("live"))).toEqual([listed("a"), health("live")]);
});

test("inputs keep their order; observations join the batch that waits, and after it a new one begins", () => {
  const inbox = new Inbox();
  inbox.observe([]);
  expect(inbox.isEmpty).toBe(true);
  inbox.add({ input: { type: "tick" } });
  inbox.observe([seen("a", "1")]);
  inbox.add({ input: { type: "restored", records: [] } });
  inbox.observe([seen("a", "2")]);
  const order = [inbox.next(), inbox.next()];
  inbox.observe([seen("a", "3")]);
  order.push(inbox.next(), inbox.next(), inbox.next());
  expect(order.map((waiting) => waiting?.input)).toEqual([
    { type: "tick" },
    { type: "observed", observations: [seen("a", "2")] },
    { type: "restored", records: [] },
    { type: "observed", observations: [seen("a", "3")] },
    undefined,
  ]);
});

test("what is cleared is never told", () => {
  const inbox = new Inbox();
  inbox.observe([seen("a", "1")]);
  inbox.clear();
  expect(inbox.next()).toBeUndefined();
  inbox.observe([seen("b", "1")]);
  expect(inbox.next()?.input).toEqual({ type: "observed", observations: [seen("b", "1")] });
});
