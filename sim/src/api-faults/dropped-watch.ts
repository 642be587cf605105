/** The watches of some kinds end without a word, and are listed anew some seconds later. */
import { KINDS } from "@kintsugi/core";
import { type ApiFault, fromTimeToTime } from "./api-fault.ts";

export const droppedWatch: ApiFault = {
  id: "dropped-watch",
  title: "Dropped watches",
  wrap: (connection, trouble) => {
    const { timeline } = trouble.cluster;
    fromTimeToTime(trouble, () => {
      const kinds = trouble.random.shuffle(KINDS).slice(0, trouble.random.between(1, 6));
      for (const stream of connection.port.streams) {
        stream.break(kinds, "watch closed: read ECONNRESET");
        timeline.after(trouble.random.between(1, 45) * 1000, () => stream.relist(kinds));
      }
    });
    return connection;
  },
};
