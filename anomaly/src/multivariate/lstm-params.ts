/** What an LSTM autoencoder is trained and scored with. */
import { InputError } from "../input-error.ts";

export interface LstmParams {
  /** Rows of a window: how much of the past one score sees. 32 as a default: half an hour of minutes, eight minutes of 15 s. */
  readonly window: number;
  /** Units of each layer: the state that a window must go through. 16. */
  readonly hidden: number;
  /** Rows from one training window to the next. 4: windows that share all rows but a few teach the same again. */
  readonly stride: number;
  /** Newest rows of the window whose error makes the score. 8, or the window where that is smaller. */
  readonly recent: number;
  /** Times that training sees all windows, at most. */
  readonly epochs: number;
  /** Windows to one step of Adam. 64. */
  readonly batch: number;
  /** Adam's step. Kingma and Ba propose 0.001 for networks of millions of weights; ours has thousands. */
  readonly learningRate: number;
  /** The Euclidean norm to which a gradient is cut (Pascanu et al., 2013). 1. */
  readonly gradientNorm: number;
  /** Share of the rows, the last ones, that training does not see and by which it stops. 0.2. */
  readonly heldOut: number;
  /** Epochs without a lower error on held-out rows after which training stops; the best weights are kept. */
  readonly patience: number;
  /** Robust standard deviations from the median at which a value is cut. 5. */
  readonly limit: number;
  /** Any whole number: the same one gives the same weights on any machine. */
  readonly seed: number;
}

export const LSTM_DEFAULTS: LstmParams = {
  window: 32,
  hidden: 16,
  stride: 4,
  recent: 8,
  epochs: 20,
  batch: 64,
  learningRate: 0.005,
  gradientNorm: 1,
  heldOut: 0.2,
  patience: 4,
  limit: 5,
  seed: 1,
};

const WHOLE = {
  window: [2, 4096],
  hidden: [1, 1024],
  stride: [1, 4096],
  recent: [1, 4096],
  epochs: [1, 100_000],
  batch: [1, 4096],
  patience: [1, 100_000],
} as const;
const POSITIVE = ["learningRate", "gradientNorm", "limit"] as const;

/** The defaults with `given` over them. Throws InputError that names the parameter which cannot be. */
export function lstmParams(given: Partial<LstmParams>): LstmParams {
  const { window = LSTM_DEFAULTS.window } = given;
  const params: LstmParams = { ...LSTM_DEFAULTS, recent: Math.min(LSTM_DEFAULTS.recent, window), ...given };
  for (const [name, [least, most]] of Object.entries(WHOLE)) {
    const value = params[name as keyof typeof WHOLE];
    if (!Number.isInteger(value) || value < least || value > most)
      throw new InputError(`${name} of an LSTM autoencoder is ${value}: give a whole number from ${least} to ${most}`);
  }
  for (const name of POSITIVE)
    if (!(params[name] > 0 && params[name] < Number.POSITIVE_INFINITY))
      throw new InputError(`${name} of an LSTM autoencoder is ${params[name]}: give a number above 0`);
  if (!(params.heldOut > 0 && params.heldOut < 1)) throw new InputError(`heldOut of an LSTM autoencoder is ${params.heldOut}: give a share between 0 and 1`);
  if (params.recent > params.window)
    throw new InputError(`recent of an LSTM autoencoder is ${params.recent}: give at most the ${params.window} rows of its window`);
  if (!Number.isInteger(params.seed)) throw new InputError(`seed of an LSTM autoencoder is ${params.seed}: give a whole number`);
  return params;
}
