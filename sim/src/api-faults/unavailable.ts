/** The API server cannot be reached for up to a minute: no request is carried out, and the watches end. */
import { KINDS } from "@kintsugi/core";
import type { Connection } from "../cluster.ts";
import { type ApiFault, fail, fromTimeToTime, type Trouble } from "./api-fault.ts";

export const unavailable: ApiFault = {
  id: "unavailable",
  title: "API server away",
  wrap: (connection, trouble) => {
    const { reachable, leave } = goingAway(connection, trouble);
    fromTimeToTime(trouble, () => leave(trouble.random.between(3, 60) * 1000));
    return reachable;
  },
};

/** A connection whose API server can be made to go away for a time, watches, reads, writes and Lease alike. */
export function goingAway(connection: Connection, trouble: Trouble): { readonly reachable: Connection; leave(forMs: number): void } {
  const { timeline } = trouble.cluster;
  const { port, lease } = connection;
  let awayUntil = 0;
  const check = (): void => {
    if (timeline.now() < awayUntil) fail({ kind: "unavailable", message: "connect ECONNREFUSED" });
  };
  const leave = (forMs: number): void => {
    awayUntil = timeline.now() + forMs;
    for (const stream of port.streams) {
      stream.break(KINDS, "connect ECONNREFUSED");
      timeline.after(forMs + trouble.random.between(100, 3_000), () => stream.relist(KINDS));
    }
  };
  const reachable: Connection = {
    ...connection,
    port: {
      ...port,
      read: async (ref) => {
        check();
        return port.read(ref);
      },
      apply: async (step, options) => {
        check();
        return port.apply(step, options);
      },
      review: async (permission) => (timeline.now() < awayUntil ? "unknown" : port.review(permission)),
      announce: async (target, event) => {
        check();
        return port.announce(target, event);
      },
    },
    lease: {
      hold: async (storeId) => {
        check();
        return lease.hold(storeId);
      },
      release: () => lease.release(),
    },
  };
  return { reachable, leave };
}
