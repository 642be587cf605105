import { describe, expect, test } from "vitest";
import { staleRead } from "./stale-read.ts";
import { hurt } from "./testing/hurt.ts";

describe("stale read", () => {
  test("for five seconds after a write a read may show what was before it", async () => {
    const { connection, dana, wait } = hurt(staleRead, 1);
    const ref = { kind: "Deployment", namespace: "shop", name: "cart" } as const;
    wait(30);
    const before = await connection.port.read(ref);
    dana.scale(ref, 5);
    expect(await connection.port.read(ref)).toEqual(before);
    wait(60);
    const after = await connection.port.read(ref);
    expect(after?.kind === "Deployment" && after.spec.replicas).toBe(5);
  });
});
