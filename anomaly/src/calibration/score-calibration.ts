/** P-values for the scores of any detector, one stream of them: the histogram and the tail of this folder, with their state. */
import { InputError } from "../input-error.ts";
import { readSnapshot, writeSnapshot } from "../snapshot.ts";
import { addScore, HISTOGRAM_FIELDS, MAX_SCORE, scaleWeights } from "./decayed-histogram.ts";
import { type TailScale, tailP } from "./tail-probability.ts";

const SNAPSHOT = "score calibration";
const VERSION = 1;
const MOST_WEIGHT = 1e6;
const PRIOR_SHAPE = 0.3;

/** Memory, and what kind of number a score is. */
export interface ScoreCalibrationParams {
  /** Scores that are remembered. 10,000. */
  readonly memory: number;
  /** "square" for distances in units of spread, "plain" for what is -ln p already. "square". */
  readonly scale: TailScale;
}

/** For one stream of scores. A StreamBank has its own; this is for detectors beside it: a forest, an autoencoder, a residual of PCA. */
export class ScoreCalibration {
  readonly params: ScoreCalibrationParams;
  readonly #state = new Float32Array(HISTOGRAM_FIELDS);
  readonly #weight = Float64Array.of(1);

  constructor(params: Partial<ScoreCalibrationParams> = {}) {
    this.params = { memory: 10_000, scale: "square", ...params };
    if (!(this.params.memory > 1 && this.params.memory < 1e9))
      throw new InputError(`memory is ${this.params.memory}: give a number of scores above 1, such as 10000`);
  }

  /**
   * The p-value of a score that has not been learned: in (0, 1], 1 where nothing was learned yet. `score` is 0 where all is as usual, and a few units
   * where it is not: bins are fine
   * between 1 and 56, so divide by the score's own spread first where it is measured in something else. Throws InputError for one that is negative or NaN.
   */
  pValue(score: number): number {
    return tailP(this.#state, 0, checked(score), this.#weight[0] as number, this.params.scale, PRIOR_SHAPE);
  }

  /** The p-value, then learns the score. */
  push(score: number): number {
    const p = this.pValue(score);
    const weight = this.#weight[0] as number;
    addScore(this.#state, 0, checked(score), weight);
    const grown = weight / (1 - 1 / this.params.memory);
    if (grown >= MOST_WEIGHT) scaleWeights(this.#state, 0, 1 / grown);
    this.#weight[0] = grown >= MOST_WEIGHT ? 1 : grown;
    return p;
  }

  /** All state as bytes, with the parameters. */
  snapshot(): Uint8Array {
    const { memory, scale } = this.params;
    return writeSnapshot(SNAPSHOT, VERSION, [Float64Array.of(memory, scale === "square" ? 1 : 0), this.#weight, this.#state]);
  }

  /** The calibration as it was. Throws InputError for bytes that `snapshot` of this version did not write. */
  static restore(bytes: Uint8Array): ScoreCalibration {
    const reader = readSnapshot(bytes, SNAPSHOT, VERSION);
    const [memory = 0, square = 0] = reader.float64();
    const calibration = new ScoreCalibration({ memory, scale: square === 1 ? "square" : "plain" });
    reader.into(calibration.#weight);
    reader.into(calibration.#state);
    reader.end();
    return calibration;
  }
}

function checked(score: number): number {
  if (!(score >= 0)) throw new InputError(`the score is ${score}: give a distance from 0, and leave gaps out`);
  return Math.min(MAX_SCORE, score);
}
