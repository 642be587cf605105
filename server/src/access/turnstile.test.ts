import { expect, test } from "vitest";
import { Turnstile } from "./turnstile.ts";

test("so many pass at once, the next wait in order, and who finds too many waiting is turned away", async () => {
  const turnstile = new Turnstile(2, 2);
  const log: string[] = [];
  const ends = new Map<string, () => void>();
  const pass = (name: string) =>
    turnstile.pass(async () => {
      log.push(name);
      await new Promise<void>((resolve) => ends.set(name, resolve));
      return name;
    });
  const passed = ["a", "b", "c", "d", "e"].map(pass);
  expect(await passed[4]).toBeUndefined();
  expect(log).toEqual(["a", "b"]);
  ends.get("b")?.();
  expect(await passed[1]).toBe("b");
  await Promise.resolve();
  expect(log).toEqual(["a", "b", "c"]);
  ends.get("a")?.();
  await passed[0];
  ends.get("c")?.();
  await passed[2];
  ends.get("d")?.();
  expect(await passed[3]).toBe("d");
  expect(log).toEqual(["a", "b", "c", "d"]);
});

test("who fails inside makes room as well", async () => {
  const turnstile = new Turnstile(1, 0);
  await expect(turnstile.pass(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  expect(await turnstile.pass(async () => "next")).toBe("next");
});
