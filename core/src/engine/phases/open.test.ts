import { expect, test } from "vitest";
import { broken } from "../../testing/cart-story.ts";
import { policy } from "../../testing/engine-bench.ts";

test("a diagnosis is told in words that stand beside the name of what is ill, and do not repeat it", () => {
  const told = broken(policy({ mode: "suggest" })).effects.flatMap((effect) =>
    effect.type === "record" && effect.body.type === "incident" && effect.body.incident.phase === "diagnosed" ? [effect.body.reason] : [],
  );
  expect(told).toEqual(["Image not found (100 % of 100 measured cases)"]);
});
