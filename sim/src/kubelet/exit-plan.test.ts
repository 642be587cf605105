import { expect, test } from "vitest";
import { container } from "../scenario/objects.ts";
import { Facts } from "../world/facts.ts";
import { behaviour } from "../world/images.ts";
import { planExit } from "./exit-plan.ts";

const run = { facts: new Facts(), startedAt: 1_000, earlierRuns: 0, pod: "shop/cart-1" };
const exitOf = (...command: string[]) =>
  planExit(behaviour({ executables: ["/app", "sh"] }), container({ namespace: "shop", name: "cart", image: "cart:1", command }), run);

test("a shell that does not find the program ends with 127, after a moment", () => {
  expect(exitOf("sh", "-c", "serve --port 8080")).toEqual({ at: 1_020, code: 127, reason: "Error", log: "sh: serve: not found" });
});

test("one that finds it, or does the thing itself, runs on", () => {
  expect(exitOf("sh", "-c", "/app --port 8080")).toBeUndefined();
  expect(exitOf("sh", "-c", "while :; do sleep 3600; done")).toBeUndefined();
  expect(exitOf("sh")).toBeUndefined();
  expect(exitOf("/app", "-c", "serve")).toBeUndefined();
});
