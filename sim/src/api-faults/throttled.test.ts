import type { PortError } from "@kintsugi/core";
import { describe, expect, test } from "vitest";
import { hurt } from "./testing/hurt.ts";
import { throttled } from "./throttled.ts";

describe("throttled", () => {
  test("asks reads and writes to wait, and says for how long", async () => {
    const { connection, tryWrite, tryRead, replicas } = hurt(throttled, 1);
    expect(await tryRead()).toBe("throttled");
    expect(await tryWrite(4)).toBe("throttled");
    expect(replicas()).toBe(1);
    const failure = await connection.port.read({ kind: "Node", namespace: "", name: "node-1" }).catch((error: PortError) => error.failure);
    expect(failure).toMatchObject({ kind: "throttled", retryAfterMs: expect.any(Number) });
  });
});
