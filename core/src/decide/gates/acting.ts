import { ask, type Gate, pass } from "../gate.ts";

/** What a person is told who approves while acting is off. */
export const ACTING_IS_OFF = "acting is off: serve was started without --act, so plans are shown and nothing is applied";

/** `serve` without `--act` proposes and never acts; the cap in `decide.ts` sees to it that no approval changes that. */
export const acting: Gate = {
  id: "acting",
  check: ({ authority }) => (authority.type === "read-only" ? ask(ACTING_IS_OFF) : pass("acting is on")),
};
