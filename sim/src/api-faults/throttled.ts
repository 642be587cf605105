/** 429 with Retry-After, on reads and writes. */
import { type ApiFault, fail, strikes, type Trouble } from "./api-fault.ts";

export const throttled: ApiFault = {
  id: "throttled",
  title: "429 with Retry-After",
  wrap: (connection, trouble) => {
    const check = (): void => {
      if (strikes(trouble)) refuse(trouble);
    };
    return {
      ...connection,
      port: {
        ...connection.port,
        read: async (ref) => {
          check();
          return connection.port.read(ref);
        },
        apply: async (step, options) => {
          check();
          return connection.port.apply(step, options);
        },
      },
    };
  },
};

function refuse(trouble: Trouble): never {
  const retryAfterMs = trouble.random.between(1, 10) * 1000;
  return fail({ kind: "throttled", message: "too many requests: please try again later", retryAfterMs });
}
