/** A series as the fit wants it: checked, without its missing start, its differences of the size of 1. */
import { InputError } from "../input-error.ts";
import { differencesOf } from "./arima-likelihood.ts";
import { type ArimaOrder, coefficientsOf, lostToDifferences, nameOfOrder, shapeOf } from "./arima-order.ts";

/** Squares of larger values, summed, leave the range of numbers. */
const LARGEST = 1e100;
/** What rounding leaves of differences that are alike, relative to the values. */
const ROUNDING = 1e-12;

export interface ScaledSeries {
  readonly values: Float64Array;
  /** Index of the first value in the series that was given. */
  readonly start: number;
  /** value = scaled * scale + centre. */
  readonly scale: number;
  readonly centre: number;
  /** Whether the differences, less their mean where there is a constant, are all alike. */
  readonly flat: boolean;
  /** Mean of the differences, in the unit of the series. */
  readonly meanDifference: number;
}

/** Throws InputError for a value that no series may hold. */
export function checkValue(value: number, index: number): void {
  if (Math.abs(value) > LARGEST) throw new InputError(`sample ${index} is ${value}: give numbers of at most ${LARGEST} and NaN where a sample is missing`);
}

/** Throws InputError where the series says too little for the order. */
export function scaledSeries(order: ArimaOrder, series: Float64Array): ScaledSeries {
  series.forEach(checkValue);
  const start = series.findIndex((value) => !Number.isNaN(value));
  if (start < 0) throw new InputError(`the series has no value among ${series.length} samples: give at least one that is not NaN`);
  const values = series.slice(start);
  const shape = shapeOf(order);
  const known = differencesOf(shape, values).filter((value) => !Number.isNaN(value));
  const most = lostToDifferences(order) + shape.states;
  const least = coefficientsOf(order) + (order.constant ? 1 : 0) + 2;
  if (values.length <= most || known.length < least)
    throw new InputError(
      `${nameOfOrder(order)} needs more than ${most} samples and ${least} that can be expected, the series has ${values.length} and ${known.length}: give more, or fit a smaller order`,
    );
  const meanDifference = known.reduce((sum, value) => sum + value / known.length, 0);
  const centre = order.constant || order.d + order.D > 0 ? meanOf(values) : 0;
  const largest = largestOf(values);
  const middle = order.constant ? meanDifference : 0;
  const spread = known.reduce((sofar, value) => Math.max(sofar, Math.abs(value - middle)), 0);
  const flat = spread <= ROUNDING * largest;
  const root = Math.sqrt(known.reduce((sum, value) => sum + ((value - middle) / spread) ** 2 / known.length, 0));
  const scale = flat ? 1 : 2 ** Math.round(Math.log2(root * spread));
  return { values: values.map((value) => (value - centre) / scale), start, scale, centre, flat, meanDifference: flat ? (known[0] as number) : meanDifference };
}

/** Of the values without their signs; 0 where all are missing. */
export function largestOf(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value) || 0), 0);
}

function meanOf(values: Float64Array): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value / known.length, 0);
}
