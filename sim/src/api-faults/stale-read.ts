/** A read is answered by a member that lags: what was written in the last seconds is not in it. */
import { type ClusterObject, type Ref, refKey, refOf } from "@kintsugi/core";
import { type ApiFault, strikes } from "./api-fault.ts";

/** How far a member may lag. */
const LAG_MS = 5_000;

interface Earlier {
  /** Undefined: it did not exist. */
  readonly object: ClusterObject | undefined;
  readonly changedAt: number;
}

export const staleRead: ApiFault = {
  id: "stale-read",
  title: "Stale reads",
  wrap: (connection, trouble) => {
    const { timeline, world } = trouble.cluster;
    const earlier = new Map<string, Earlier>();
    world.store.onAnyChange(({ before, after }) => {
      const object = (after ?? before) as ClusterObject;
      if (object.kind !== "Event") earlier.set(refKey(refOf(object)), { object: before, changedAt: timeline.now() });
    });
    const recall = (ref: Ref): Earlier | undefined => {
      const known = earlier.get(refKey(ref));
      return known !== undefined && timeline.now() - known.changedAt < LAG_MS ? known : undefined;
    };
    return {
      ...connection,
      port: {
        ...connection.port,
        read: async (ref) => {
          const known = strikes(trouble) ? recall(ref) : undefined;
          return known === undefined ? connection.port.read(ref) : known.object;
        },
      },
    };
  },
};
