import { describe, expect, test } from "vitest";
import { droppedWatch } from "./dropped-watch.ts";
import { hurt } from "./testing/hurt.ts";

describe("dropped watch", () => {
  test("some kinds become stale and are listed anew later; every kind is live in the end", () => {
    const { wait, watch } = hurt(droppedWatch, 1);
    const seen = watch();
    wait(700);
    const stale = seen.filter((one) => one.endsWith(" stale")).map((one) => one.split(" ")[0]);
    expect(stale.length).toBeGreaterThan(0);
    for (const kind of stale)
      expect(seen.filter((one) => one === `${kind} live` || one === `${kind} stale` || one === `${kind} not-served`).at(-1)).toBe(`${kind} live`);
  });
});
