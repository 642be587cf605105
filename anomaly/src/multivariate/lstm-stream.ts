/** The newest window of each of many owners, scored row by row: what a batch would say, in the same bits. */
import { InputError } from "../input-error.ts";
import { readSnapshot, writeSnapshot } from "../snapshot.ts";
import { scaled } from "./lstm-scaling.ts";
import { createScoringSpace, type LstmModel, scoreWindows, take } from "./lstm-scoring.ts";

const KIND = "lstm-stream";
const VERSION = 1;

export interface LstmStream {
  /**
   * The next row of a slot, one value per feature, NaN where it is missing. Returns the score of the window that ends there, 0 until the slot has seen `window` rows.
   * A row that did not come at all is a row of NaN: push it, so that time passes. Allocates nothing. Throws InputError for another length, an infinite value or no such slot.
   */
  push(slot: number, row: ArrayLike<number>): number;
  /** What each feature had to do with the last score that was returned: an array that the next push overwrites. */
  readonly contributions: Float64Array;
  /** Whether the slot has seen a whole window. */
  warm(slot: number): boolean;
  /** Empties a slot for another owner. */
  reset(slot: number): void;
  snapshot(): Uint8Array;
  /** Throws InputError for bytes of a stream with other sizes, another version, or damage; the stream is then as it was. */
  restore(bytes: Uint8Array): void;
}

/** State per slot: `window x features` doubles, the scaled rows as a ring. */
export function createLstmStream(model: LstmModel, slots: number): LstmStream {
  const { params, features, scaling } = model;
  const { window, limit } = params;
  if (!Number.isInteger(slots) || slots < 1) throw new InputError(`an LSTM stream of ${slots} slots: give a whole number from 1`);
  const rings = new Float64Array(slots * window * features);
  /** Rows seen so far: [slots], in doubles, which count to 2^53. */
  const seen = new Float64Array(slots);
  const space = createScoringSpace(params, features, 1);
  const contributions = new Float64Array(features);
  const score = new Float64Array(1);
  const check = (slot: number): void => {
    if (!(slot >= 0 && slot < slots && Number.isInteger(slot))) throw new InputError(`there is no slot ${slot} in an LSTM stream of ${slots}`);
  };
  return {
    contributions,
    push(slot, row) {
      check(slot);
      checkRow(row, features);
      const count = seen[slot] as number;
      const ring = slot * window * features;
      const newest = ring + (count % window) * features;
      for (let feature = 0; feature < features; feature++) rings[newest + feature] = scaled(scaling, feature, row[feature] as number, limit);
      seen[slot] = count + 1;
      contributions.fill(0);
      if (count + 1 < window) return 0;
      let from = ((count + 1) % window) * features;
      const end = window * features;
      for (let position = 0; position < end; position++) {
        take(space, position, rings[ring + from] as number);
        from++;
        if (from === end) from = 0;
      }
      scoreWindows(space, model, 1, contributions, 0, score, 0);
      return score[0] as number;
    },
    warm(slot) {
      check(slot);
      return (seen[slot] as number) >= window;
    },
    reset(slot) {
      check(slot);
      seen[slot] = 0;
    },
    snapshot: () => writeSnapshot(KIND, VERSION, [Int32Array.of(slots, window, features), seen, rings]),
    restore(bytes) {
      const reader = readSnapshot(bytes, KIND, VERSION);
      const sizes = new Int32Array(3);
      reader.into(sizes);
      if (sizes[0] !== slots || sizes[1] !== window || sizes[2] !== features)
        throw new InputError(
          `the snapshot is of ${sizes[0]} slots, a window of ${sizes[1]} and ${sizes[2]} features; this stream has ${slots}, ${window} and ${features}`,
        );
      reader.into(seen);
      reader.into(rings);
      reader.end();
    },
  };
}

function checkRow(row: ArrayLike<number>, features: number): void {
  if (row.length !== features)
    throw new InputError(`the row has ${row.length} values, the autoencoder was fitted on ${features}: give the same features in the same order`);
  for (let feature = 0; feature < features; feature++) {
    const value = row[feature] as number;
    if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY)
      throw new InputError(`feature ${feature} is ${value}: give a finite number, or NaN where it is missing`);
  }
}
