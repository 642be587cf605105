/** The swarm: seeds, contenders, laws, scores, and the measuring of confidence. */
export { idleBaseline, restartBaseline } from "./baselines.ts";
export { addTallies, CALIBRATION_PREFIX, calibrateSeed, type Tallies, tableSource } from "./calibrate.ts";
export { check, type Violation } from "./check.ts";
export type { Contender, Entrant } from "./contender.ts";
export { actPolicy, kintsugi } from "./kintsugi.ts";
export { type Run, runSeed } from "./run.ts";
export { addScores, type Score, scoreRun, wilson } from "./score.ts";
export { scoreTable } from "./table.ts";
