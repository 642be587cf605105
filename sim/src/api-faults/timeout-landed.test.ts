import { describe, expect, test } from "vitest";
import { hurt } from "./testing/hurt.ts";
import { timeoutLanded } from "./timeout-landed.ts";

describe("timeout landed", () => {
  test("leaves the writer in doubt, and all was written", async () => {
    const { tryWrite, replicas } = hurt(timeoutLanded, 1);
    expect(await tryWrite(4)).toBe("uncertain");
    expect(replicas()).toBe(4);
  });
});
