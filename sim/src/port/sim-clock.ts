/** The engine's clock: the API server's time plus an offset that may step, as a host's clock does under NTP or a suspended machine. */
import type { ClockPort } from "@kintsugi/core";
import type { Timeline } from "../timeline.ts";

export interface SimClock extends ClockPort {
  /** Moves the host's wall clock against the API server's by so many ms, either way. `elapsed` never steps. */
  step(byMs: number): void;
}

/** After a step forward a wait that is over by the wall clock ends within this time, as the product's own clock does. */
const NOTICED_MS = 10_000;

interface Wake {
  readonly at: number;
  /** When it is over by the monotonic clock: a step back does not make it longer. */
  readonly end: number;
  cancel: () => void;
}

/** `onWake` is called after each wake, so that a runner knows when to let promises settle. */
export function createSimClock(timeline: Timeline, onWake: () => void = () => {}): SimClock {
  const origin = timeline.now();
  const wakes = new Map<Wake, () => void>();
  let offset = 0;
  const now = () => timeline.now() + offset;
  const arm = (wake: Wake, slackMs: number): void => {
    wake.cancel();
    const byWall = Math.max(0, wake.at - now()) + slackMs;
    wake.cancel = timeline.at(Math.min(wake.end, timeline.now() + byWall), () => {
      const call = wakes.get(wake);
      wakes.delete(wake);
      call?.();
      onWake();
    });
  };
  return {
    now,
    elapsed: () => timeline.now() - origin,
    wakeAt: (at, call) => {
      const wake: Wake = { at, end: timeline.now() + Math.max(0, at - now()), cancel: () => {} };
      wakes.set(wake, call);
      arm(wake, 0);
      return () => {
        wakes.delete(wake);
        wake.cancel();
      };
    },
    step: (byMs) => {
      offset += byMs;
      for (const wake of wakes.keys()) arm(wake, byMs > 0 ? NOTICED_MS : 0);
    },
  };
}
