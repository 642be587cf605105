import { describe, expect, test } from "vitest";
import { conflict } from "./conflict.ts";
import { hurt } from "./testing/hurt.ts";

describe("conflict", () => {
  test("refuses writes without carrying them out, and reads go on", async () => {
    const { tryWrite, tryRead, replicas } = hurt(conflict, 1);
    expect(await tryWrite(4)).toBe("conflict");
    expect(replicas()).toBe(1);
    expect(await tryRead()).toBe("ok");
  });

  test("is over at its end", async () => {
    const { tryWrite, replicas, wait } = hurt(conflict, 1);
    wait(601);
    expect(await tryWrite(4)).toBe("ok");
    expect(replicas()).toBe(4);
  });
});
