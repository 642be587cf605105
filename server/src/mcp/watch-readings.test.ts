import { expect, it, vi } from "vitest";
import { Refusal } from "./backend.ts";
import { watchReadings } from "./watch-readings.ts";

it("tells once for each change, and not when nothing can be read", async () => {
  const readings: (object | Refusal)[] = [{ ready: 3 }, { ready: 3 }, { ready: 2 }, new Refusal(503, "later"), { ready: 2 }, { ready: 3 }];
  const told: string[] = [];
  const stop = new AbortController();
  let read = 0;
  const reading = async (): Promise<object> => {
    const now = readings[Math.min(read++, readings.length - 1)];
    if (now instanceof Refusal) throw now;
    return now as object;
  };
  const watching = watchReadings({
    ...{ backend: { get: reading, post: reading }, readings: { "cluster://nodes": reading }, signal: stop.signal, everyMs: 1 },
    onChange: (uri) => told.push(uri),
  });
  await vi.waitFor(() => expect(read).toBeGreaterThan(10));
  stop.abort();
  await watching;
  expect(told).toEqual(["cluster://nodes", "cluster://nodes"]);
});
