/** Each run needs far more than its limit: a limit half as high again does not help, and has to be taken back. */
import type { Fault } from "./fault.ts";
import { needMore } from "./oom-undersized.ts";

export const oomFarUndersized: Fault = {
  id: "oom-far-undersized",
  title: "Memory limit far too small",
  truth: ["oom-killed"],
  healedBy: [],
  inject: (stage, random) => needMore(stage, random, 1.7, 2.5),
};
