/** All parts, in the order in which they run. */
import { arimaAccuracy } from "./arima-accuracy.ts";
import { arimaSpeed } from "./arima-speed.ts";
import { capacity } from "./capacity.ts";
import { forestSpeed } from "./forest-speed.ts";
import type { Part } from "./part.ts";

export const PARTS: readonly Part[] = [capacity, forestSpeed, arimaSpeed, arimaAccuracy];
