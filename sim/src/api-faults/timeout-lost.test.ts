import { describe, expect, test } from "vitest";
import { hurt } from "./testing/hurt.ts";
import { timeoutLost } from "./timeout-lost.ts";

describe("timeout lost", () => {
  test("leaves the writer in doubt, and nothing was written", async () => {
    const { tryWrite, replicas } = hurt(timeoutLost, 1);
    expect(await tryWrite(4)).toBe("uncertain");
    expect(replicas()).toBe(1);
  });
});
