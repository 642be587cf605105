import { block, type Gate, pass } from "../gate.ts";

/** Many at once means one cause, and acting on each would make it worse. */
export const storm: Gate = {
  id: "storm",
  check: ({ storm: state }) => (state.frozen ? block(`frozen: ${state.reason}`, state.until) : pass("no storm")),
};
