/** 409: somebody wrote the object in the same moment; nothing of ours landed. */
import { type ApiFault, fail, strikes } from "./api-fault.ts";

export const conflict: ApiFault = {
  id: "conflict",
  title: "409 on writes",
  wrap: (connection, trouble) => ({
    ...connection,
    port: {
      ...connection.port,
      apply: async (step, options) => {
        if (strikes(trouble))
          fail({ kind: "conflict", message: "Operation cannot be fulfilled: the object has been modified; please apply your changes to the latest version" });
        return connection.port.apply(step, options);
      },
    },
  }),
};
