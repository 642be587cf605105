import { block, type Gate, pass } from "../gate.ts";

/** Never acts on what has got well by itself. */
export const stillUnhealthy: Gate = {
  id: "still-unhealthy",
  check: (input) => (input.stillUnhealthy ? pass("it is still so, looked at again just now") : block("it is no longer so")),
};
