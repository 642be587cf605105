import { describe, expect, test } from "vitest";
import { Remembered } from "./remembered.ts";

function memory(most = 3) {
  const clock = { now: 1_000 };
  const asked: string[] = [];
  const remembered = new Remembered<string>(most, () => clock.now);
  const get = (key: string, forMs: number | undefined = 10): Promise<string> =>
    remembered.get(key, async () => {
      asked.push(key);
      return { value: `${key}${asked.length}`, until: forMs === undefined ? undefined : clock.now + forMs };
    });
  return { clock, asked, remembered, get };
}

describe("a memory", () => {
  test("believes an answer for its time and then asks again", async () => {
    const { clock, get } = memory();
    expect(await get("a")).toBe("a1");
    clock.now += 9;
    expect(await get("a")).toBe("a1");
    clock.now += 1;
    expect(await get("a")).toBe("a2");
  });

  test("keeps nothing of an answer without a time, nor of a failure", async () => {
    const { asked, get, remembered } = memory();
    await remembered.get("a", async () => ({ value: "unknown", until: undefined }));
    await expect(remembered.get("a", () => Promise.reject(new Error("no answer")))).rejects.toThrow("no answer");
    expect(await get("a")).toBe("a1");
    expect(asked).toEqual(["a"]);
  });

  test("asks once for all who ask at the same time", async () => {
    const { asked, get } = memory();
    expect(await Promise.all([get("a"), get("a"), get("b")])).toEqual(["a1", "a1", "b2"]);
    expect(asked).toEqual(["a", "b"]);
  });

  test("never grows beyond its bound: the oldest go", async () => {
    const { get, remembered } = memory(3);
    for (const key of ["a", "b", "c", "d", "e"]) await get(key);
    expect(remembered.size).toBe(3);
    expect(await get("e")).toBe("e5");
    expect(await get("a")).toBe("a6");
  });
});
