/** Every picture of the documentation. */
import type { Scene } from "../chart.ts";
import { robustScoreScene } from "./robust-score.ts";

export const SCENES: readonly (() => Scene)[] = [robustScoreScene];
