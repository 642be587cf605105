/** The API server cannot be reached for up to a minute: no request is carried out, and the watches end. */
import { KINDS } from "@kintsugi/core";
import { type ApiFault, fail, fromTimeToTime } from "./api-fault.ts";

export const unavailable: ApiFault = {
  id: "unavailable",
  title: "API server away",
  wrap: (connection, trouble) => {
    const { timeline } = trouble.cluster;
    const { port, lease } = connection;
    let awayUntil = 0;
    const check = (): void => {
      if (timeline.now() < awayUntil) fail({ kind: "unavailable", message: "connect ECONNREFUSED" });
    };
    fromTimeToTime(trouble, () => {
      const forMs = trouble.random.between(3, 60) * 1000;
      awayUntil = timeline.now() + forMs;
      for (const stream of port.streams) {
        stream.break(KINDS, "connect ECONNREFUSED");
        timeline.after(forMs + trouble.random.between(100, 3_000), () => stream.relist(KINDS));
      }
    });
    return {
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
  },
};
