/** All parts, in the order in which they run. */
import { arimaAccuracy } from "./arima-accuracy.ts";
import { arimaSpeed } from "./arima-speed.ts";
import { calibration } from "./calibration.ts";
import { capacity } from "./capacity.ts";
import { changePointsPart } from "./change-points.ts";
import { cloudMonitoring } from "./cloud-monitoring.ts";
import { ensemble } from "./ensemble.ts";
import { forestSpeed } from "./forest-speed.ts";
import { lstm } from "./lstm.ts";
import { nab } from "./nab.ts";
import { noveltyTuning } from "./novelty-tuning.ts";
import type { Part } from "./part.ts";
import { petshop } from "./petshop.ts";
import { smd } from "./smd.ts";
import { streaming } from "./streaming.ts";
import { tsbAdU } from "./tsb-ad-u.ts";

export const PARTS: readonly Part[] = [
  capacity,
  changePointsPart,
  forestSpeed,
  arimaSpeed,
  arimaAccuracy,
  streaming,
  calibration,
  ensemble,
  nab,
  noveltyTuning,
  cloudMonitoring,
  tsbAdU,
  petshop,
  smd,
  lstm,
];
