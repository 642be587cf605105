/** The watch cache lags: for some seconds nothing is delivered, then everything at once. */
import { type ApiFault, fromTimeToTime } from "./api-fault.ts";

export const slowWatch: ApiFault = {
  id: "slow-watch",
  title: "Slow watches",
  wrap: (connection, trouble) => {
    fromTimeToTime(trouble, () => {
      for (const stream of connection.port.streams) stream.hold(trouble.random.between(2, 30) * 1000);
    });
    return connection;
  },
};
