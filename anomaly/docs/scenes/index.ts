/** Every picture of the documentation. */
import type { Scene } from "../chart.ts";
import { arimaScene } from "./arima.ts";
import { holtWintersScene } from "./holt-winters.ts";
import { rightSizeScene } from "./right-size.ts";
import { robustScoreScene } from "./robust-score.ts";
import { stlScene } from "./stl.ts";
import { timeToLimitScene } from "./time-to-limit.ts";

export const SCENES: readonly (() => Scene)[] = [robustScoreScene, stlScene, holtWintersScene, arimaScene, timeToLimitScene, rightSizeScene];
