import { expect, it } from "vitest";
import { watched } from "./waiting.ts";

function seeing(values: readonly string[]) {
  const left = [...values];
  const told: string[] = [];
  const use = { signal: new AbortController().signal, progress: async (_done: number, _total: number, what: string) => void told.push(what) };
  return { use, told, look: async () => (left.length > 1 ? (left.shift() as string) : (left[0] as string)) };
}

it("looks until it is so, and tells each change once", async () => {
  const { use, told, look } = seeing(["diagnosed", "diagnosed", "awaiting"]);
  expect(await watched(use, { seconds: 30, look, isOver: (phase) => phase === "awaiting", says: (phase) => phase })).toBe("awaiting");
  expect(told).toEqual(["diagnosed", "awaiting"]);
});

it("gives what it saw last when the time is over", async () => {
  const { use, look } = seeing(["acting"]);
  expect(await watched(use, { seconds: 0.05, look, isOver: () => false, says: (phase) => phase })).toBe("acting");
});

it("stops when the call is cancelled", async () => {
  const { use, look } = seeing(["acting"]);
  const cancelled = AbortSignal.timeout(20);
  await expect(watched({ ...use, signal: cancelled }, { seconds: 30, look, isOver: () => false, says: (phase) => phase })).rejects.toThrow();
});
