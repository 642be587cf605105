/** All parts, in the order in which they run. */
import { calibration } from "./calibration.ts";
import { capacity } from "./capacity.ts";
import { ensemble } from "./ensemble.ts";
import { forestSpeed } from "./forest-speed.ts";
import { lstm } from "./lstm.ts";
import type { Part } from "./part.ts";
import { streaming } from "./streaming.ts";
import { tsbAdU } from "./tsb-ad-u.ts";

export const PARTS: readonly Part[] = [capacity, forestSpeed, tsbAdU, streaming, calibration, ensemble, lstm];
