import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { systemClock } from "./system-clock.ts";

beforeEach(() => vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => vi.useRealTimers());

it("calls back once at the moment, not before", () => {
  const call = vi.fn();
  systemClock.wakeAt(1_000_000 + 25_000, call);
  vi.advanceTimersByTime(24_999);
  expect(call).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  vi.advanceTimersByTime(60_000);
  expect(call).toHaveBeenCalledTimes(1);
});

it("never calls back from within the request, even for a moment that has passed", () => {
  const call = vi.fn();
  systemClock.wakeAt(0, call);
  expect(call).not.toHaveBeenCalled();
  vi.advanceTimersByTime(0);
  expect(call).toHaveBeenCalledTimes(1);
});

it("does not call after it was cancelled", () => {
  const call = vi.fn();
  const cancel = systemClock.wakeAt(1_000_000 + 30_000, call);
  vi.advanceTimersByTime(15_000);
  cancel();
  vi.advanceTimersByTime(60_000);
  expect(call).not.toHaveBeenCalled();
});

it("notices within ten seconds that the clock was set forward", () => {
  const call = vi.fn();
  systemClock.wakeAt(1_000_000 + 3_600_000, call);
  vi.setSystemTime(1_000_000 + 3_600_000);
  vi.advanceTimersByTime(10_000);
  expect(call).toHaveBeenCalledTimes(1);
});

it("waits no longer than was meant when the clock is set back", () => {
  const call = vi.fn();
  systemClock.wakeAt(1_000_000 + 5_000, call);
  vi.setSystemTime(1_000_000 - 3_600_000);
  vi.advanceTimersByTime(4_999);
  expect(call).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(call).toHaveBeenCalledTimes(1);
});

it("has an elapsed time that the wall clock cannot move", () => {
  const before = systemClock.elapsed();
  vi.setSystemTime(0);
  vi.advanceTimersByTime(1_500);
  expect(systemClock.elapsed() - before).toBe(1_500);
});
