/** The request was carried out, its answer was lost, and for a minute nobody can look whether it was. */
import { type ApiFault, fail, strikes } from "./api-fault.ts";

const UNSEEN_MS = 60_000;

export const timeoutLandedUnseen: ApiFault = {
  id: "timeout-landed-unseen",
  title: "Timeout, the write landed, and reads fail for a minute",
  wrap: (connection, trouble) => {
    const { timeline } = trouble.cluster;
    let unseenUntil = 0;
    return {
      ...connection,
      port: {
        ...connection.port,
        read: async (ref) => {
          if (timeline.now() < unseenUntil) fail({ kind: "unavailable", message: "etcdserver: leader changed" });
          return connection.port.read(ref);
        },
        apply: async (step, options) => {
          const answer = await connection.port.apply(step, options);
          if (!options.dryRun && strikes(trouble)) {
            unseenUntil = timeline.now() + UNSEEN_MS;
            fail({ kind: "uncertain", message: "connection reset before the answer arrived" });
          }
          return answer;
        },
      },
    };
  },
};
