/** The wall clock. */
import type { ClockPort } from "@kintsugi/core";

/** Timers count elapsed time, not the wall clock: looking this often notices within a bounded time that the clock was set forward. */
const LOOK_EVERY_MS = 10_000;

export const systemClock: ClockPort = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  /**
   * Whoever asks for a moment means a wait of so many milliseconds from now. When the clock is set back meanwhile the wait does not grow (a Lease
   * would run out in it); when it is set forward it ends as soon as that is noticed.
   */
  wakeAt(at, call) {
    const end = performance.now() + (at - Date.now());
    let timer: NodeJS.Timeout;
    const look = (): void => {
      const left = Math.min(end - performance.now(), at - Date.now());
      if (left <= 0) call();
      else timer = setTimeout(look, Math.min(Math.ceil(left), LOOK_EVERY_MS));
    };
    // Even a moment that has passed calls back later, never from within wakeAt.
    timer = setTimeout(look, Math.max(0, Math.min(Math.ceil(at - Date.now()), LOOK_EVERY_MS)));
    return () => clearTimeout(timer);
  },
};
