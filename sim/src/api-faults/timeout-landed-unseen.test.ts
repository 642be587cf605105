import { describe, expect, test } from "vitest";
import { hurt } from "./testing/hurt.ts";
import { timeoutLandedUnseen } from "./timeout-landed-unseen.ts";

describe("timeout landed unseen", () => {
  test("all was written, the writer is in doubt, and cannot look for a minute", async () => {
    const { tryRead, tryWrite, replicas, wait } = hurt(timeoutLandedUnseen, 1);
    expect(await tryRead()).toBe("ok");
    expect(await tryWrite(4)).toBe("uncertain");
    expect(replicas()).toBe(4);
    wait(59);
    expect(await tryRead()).toBe("unavailable");
    wait(2);
    expect(await tryRead()).toBe("ok");
  });
});
