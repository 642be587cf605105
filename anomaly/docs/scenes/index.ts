/** Every picture of the documentation. */
import type { Scene } from "../chart.ts";
import { alarmBudgetScene } from "./alarm-budget.ts";
import { arimaScene } from "./arima.ts";
import { changePointsScene } from "./change-points.ts";
import { combinationScene } from "./combination.ts";
import { holtWintersScene } from "./holt-winters.ts";
import { isolationForestScene } from "./isolation-forest.ts";
import { lstmAutoencoderScene } from "./lstm-autoencoder.ts";
import { noveltyScene } from "./novelty.ts";
import { pcaScene } from "./pca.ts";
import { rightSizeScene } from "./right-size.ts";
import { robustScoreScene } from "./robust-score.ts";
import { rootCauseScene } from "./root-cause.ts";
import { stlScene } from "./stl.ts";
import { streamScene } from "./stream.ts";
import { subPcaScene } from "./sub-pca.ts";
import { timeToLimitScene } from "./time-to-limit.ts";

export const SCENES: readonly (() => Scene)[] = [
  robustScoreScene,
  subPcaScene,
  stlScene,
  holtWintersScene,
  arimaScene,
  timeToLimitScene,
  rightSizeScene,
  isolationForestScene,
  noveltyScene,
  streamScene,
  alarmBudgetScene,
  combinationScene,
  changePointsScene,
  rootCauseScene,
  lstmAutoencoderScene,
  pcaScene,
];
