/** The API server is away for longer than any cure is given to show: what was being verified comes back into sight after its deadline. */
import type { ApiFault } from "./api-fault.ts";
import { goingAway } from "./unavailable.ts";

export const outage: ApiFault = {
  id: "outage",
  title: "API server away for long",
  wrap: (connection, trouble) => {
    const { random, rate, until, cluster } = trouble;
    const { reachable, leave } = goingAway(connection, trouble);
    const forMs = random.between(11, 20) * 60_000;
    const latest = until - forMs - cluster.timeline.now();
    // Once at most: at the rates of the swarm in every tenth run to in every one.
    if (latest > 0 && random.chance(Math.min(1, rate * 5))) cluster.timeline.after(random.between(0, latest), () => leave(forMs));
    return reachable;
  },
};
