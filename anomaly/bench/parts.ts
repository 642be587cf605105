/** All parts, in the order in which they run. */
import { arimaAccuracy } from "./arima-accuracy.ts";
import { arimaSpeed } from "./arima-speed.ts";
import { capacity } from "./capacity.ts";
import { changePointsPart } from "./change-points.ts";
import { forestSpeed } from "./forest-speed.ts";
import type { Part } from "./part.ts";
import { petshop } from "./petshop.ts";
import { tsbAdU } from "./tsb-ad-u.ts";

export const PARTS: readonly Part[] = [capacity, changePointsPart, forestSpeed, arimaSpeed, arimaAccuracy, tsbAdU, petshop];
