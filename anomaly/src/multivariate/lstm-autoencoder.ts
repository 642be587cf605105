/** Anomalies of a vector of metrics over time, by an LSTM autoencoder: what a network that has learned the usual cannot rebuild is unusual. */

import { InputError } from "../input-error.ts";
import type { Matrix } from "../matrix.ts";
import { matrix } from "../matrix.ts";
import { readSnapshot, writeSnapshot } from "../snapshot.ts";
import { layoutOf } from "./lstm-network.ts";
import { LSTM_DEFAULTS, type LstmParams, lstmParams } from "./lstm-params.ts";
import { checkTable, fitScaling, type Scaling, scaledTable } from "./lstm-scaling.ts";
import { type LstmModel, scoreTable, usualErrors } from "./lstm-scoring.ts";
import { createLstmStream, type LstmStream } from "./lstm-stream.ts";
import { alone, type Epoch, learnedRows, planTraining, shapeOf, type Trained, type TrainingPlan, train } from "./lstm-training.ts";

const KIND = "lstm-autoencoder";
const VERSION = 1;

export interface LstmScores {
  /** One per row; 0 for the first `window - 1`, for which no window is there yet. About 1 or less is usual. */
  readonly scores: Float64Array;
  /** [rows][features]: what each feature had to do with the score, which is their mean. */
  readonly contributions: Matrix;
}

export interface LstmAutoencoder extends LstmModel {
  /** How training went; empty in a model that was restored. */
  readonly epochs: readonly Epoch[];
  /**
   * Scores each row by the window that ends there: no later row changes a score. A missing value (NaN) is read as the median and contributes nothing.
   * Throws InputError for an infinite value or another number of columns.
   */
  score(table: Matrix): LstmScores;
  /** The same, row by row, for `slots` owners (1 where left out) that this one model is for. */
  stream(slots?: number): LstmStream;
  /** A new model that went on learning from `table` with the scaling of this one. Its parameters are those of this one with `changes` over them. */
  update(table: Matrix, changes?: LstmChanges, onEpoch?: (epoch: Epoch) => void): LstmAutoencoder;
  snapshot(): Uint8Array;
}

/** What may change when a model learns on. */
export type LstmChanges = Partial<Omit<LstmParams, "window" | "hidden" | "limit">>;

/** A training that is prepared: who runs `plan` (here, or in threads) makes a model of what came out by `finish`. */
export interface LstmFitting {
  readonly plan: TrainingPlan;
  finish(trained: Trained): LstmAutoencoder;
}

/**
 * Learns the usual from a table of rows in order of time. Rows with a missing value are left out of training, and so is each window that has one: several series can
 * stand one below the other with a row of NaN between them. The last rows are held out (`heldOut`): they stop the training and say which error is usual.
 * Throws InputError for infinite values, no columns, and where no window without a gap is left.
 */
export function fitLstmAutoencoder(table: Matrix, params: Partial<LstmParams> = {}, onEpoch?: (epoch: Epoch) => void): LstmAutoencoder {
  const { plan, finish } = prepareLstm(table, params);
  return finish(train(plan, alone(plan), onEpoch));
}

/** All of `fitLstmAutoencoder` but the training itself. */
export function prepareLstm(table: Matrix, given: Partial<LstmParams> = {}): LstmFitting {
  const params = lstmParams(given);
  if (table.columns === 0) throw new InputError("the table has no columns: give one per feature");
  checkTable(table);
  return prepared(table, params, fitScaling(table, learnedRows(table.rows, params)));
}

/** All of `update` but the training itself. */
export function prepareUpdate({ params, features, scaling, weights }: LstmModel, table: Matrix, changes: LstmChanges = {}): LstmFitting {
  checkTable(table, features);
  return prepared(table, lstmParams({ ...params, ...changes }), scaling, weights);
}

function prepared(table: Matrix, params: LstmParams, scaling: Scaling, start?: Float64Array): LstmFitting {
  const { columns, rows } = table;
  const inUnits = scaledTable(scaling, table, params.limit);
  const learned = learnedRows(rows, params);
  return {
    plan: planTraining(inUnits, params, start),
    finish({ weights, epochs }) {
      const usual = usualErrors(params, columns, weights, inUnits.values.subarray(learned * columns), rows - learned);
      return autoencoderOf({ params, features: columns, scaling, weights, usual }, epochs);
    },
  };
}

function autoencoderOf(model: LstmModel, epochs: readonly Epoch[]): LstmAutoencoder {
  const { params, features, scaling, weights, usual } = model;
  return {
    ...model,
    epochs,
    score(table) {
      checkTable(table, features);
      const { scores, contributions } = scoreTable(model, scaledTable(scaling, table, params.limit).values, table.rows);
      return { scores, contributions: matrix(table.rows, features, contributions) };
    },
    stream: (slots = 1) => createLstmStream(model, slots),
    update(table, changes, onEpoch) {
      const { plan, finish } = prepareUpdate(model, table, changes);
      return finish(train(plan, alone(plan), onEpoch));
    },
    snapshot: () =>
      writeSnapshot(KIND, VERSION, [Float64Array.from([features, ...PARAMETERS.map((name) => params[name])]), scaling.center, scaling.unit, weights, usual]),
  };
}

/** In the order in which a snapshot holds them: that of the defaults. */
const PARAMETERS = Object.keys(LSTM_DEFAULTS) as (keyof LstmParams)[];

/** Throws InputError for what is no snapshot of an autoencoder, another version, or damage. */
export function restoreLstmAutoencoder(bytes: Uint8Array): LstmAutoencoder {
  const reader = readSnapshot(bytes, KIND, VERSION);
  const [features = 0, ...numbers] = reader.float64();
  const params = lstmParams(Object.fromEntries(PARAMETERS.map((name, index) => [name, numbers[index] as number])));
  const scaling = { center: reader.float64(features), unit: reader.float64(features) };
  const weights = reader.float64(layoutOf(shapeOf(params, features)).size);
  const usual = reader.float64(features);
  reader.end();
  return autoencoderOf({ params, features, scaling, weights, usual }, []);
}
