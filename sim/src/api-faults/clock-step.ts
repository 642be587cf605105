/** The wall clock of the engine's host steps, forward and back, by seconds to an hour. */
import { type ApiFault, fromTimeToTime } from "./api-fault.ts";

export const clockStep: ApiFault = {
  id: "clock-step",
  title: "Clock steps",
  wrap: (connection, trouble) => {
    const { random } = trouble;
    fromTimeToTime(trouble, () => {
      const byMs = random.pick([5, 30, 120, 900, 3_600]) * 1000;
      connection.clock.step(random.chance(0.5) ? byMs : -byMs);
    });
    return connection;
  },
};
