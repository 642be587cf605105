/** The request was sent and never arrived; whoever sent it cannot know. */
import { type ApiFault, fail, strikes } from "./api-fault.ts";

export const timeoutLost: ApiFault = {
  id: "timeout-lost",
  title: "Timeout, and the write did not land",
  wrap: (connection, trouble) => ({
    ...connection,
    port: {
      ...connection.port,
      apply: async (step, options) => {
        if (strikes(trouble)) fail({ kind: "uncertain", message: "request timed out after it was sent" });
        return connection.port.apply(step, options);
      },
    },
  }),
};
