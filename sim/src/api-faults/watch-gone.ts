/** 410 Gone: the resource version is too old to go on from; the kind is listed again at once. */
import { KINDS } from "@kintsugi/core";
import { type ApiFault, fromTimeToTime } from "./api-fault.ts";

export const watchGone: ApiFault = {
  id: "watch-gone",
  title: "410 on watches",
  wrap: (connection, trouble) => {
    fromTimeToTime(trouble, () => {
      const kind = trouble.random.pick(KINDS);
      for (const stream of connection.port.streams) {
        stream.break([kind], "410 Gone: too old resource version");
        stream.relist([kind]);
      }
    });
    return connection;
  },
};
