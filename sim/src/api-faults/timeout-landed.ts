/** The request was carried out and its answer was lost. */
import { type ApiFault, fail, strikes } from "./api-fault.ts";

export const timeoutLanded: ApiFault = {
  id: "timeout-landed",
  title: "Timeout, and the write landed",
  wrap: (connection, trouble) => ({
    ...connection,
    port: {
      ...connection.port,
      apply: async (step, options) => {
        const answer = await connection.port.apply(step, options);
        if (strikes(trouble)) fail({ kind: "uncertain", message: "connection reset before the answer arrived" });
        return answer;
      },
    },
  }),
};
