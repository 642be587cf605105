/** All parts, in the order in which they run. */
import { capacity } from "./capacity.ts";
import { forestSpeed } from "./forest-speed.ts";
import { lstm } from "./lstm.ts";
import type { Part } from "./part.ts";
import { tsbAdU } from "./tsb-ad-u.ts";

export const PARTS: readonly Part[] = [capacity, forestSpeed, tsbAdU, lstm];
