/** Series that follow a known seasonal ARIMA model. */
import { createRandom } from "../../random.ts";
import { type ArimaParams, arimaOrder, multiplyOut, shapeOf } from "../arima-order.ts";
import { type ArimaValues, noCoefficients } from "../arima-values.ts";

/** Values left out at the start, so that it does not matter that nothing came before. */
const WARM = 500;

/** What is left out of `values` is 0, the variance 1. */
export function arimaValues(params: ArimaParams, values: { readonly [name in keyof ArimaValues]?: ArimaValues[name] | readonly number[] }): ArimaValues {
  const none = noCoefficients(arimaOrder(params));
  const array = (given: unknown, instead: Float64Array): Float64Array => (given === undefined ? instead : Float64Array.from(given as readonly number[]));
  return {
    ar: array(values.ar, none.ar),
    ma: array(values.ma, none.ma),
    seasonalAr: array(values.seasonalAr, none.seasonalAr),
    seasonalMa: array(values.seasonalMa, none.seasonalMa),
    constant: Number(values.constant ?? 0),
    variance: Number(values.variance ?? 1),
  };
}

export function simulatedArima(count: number, params: ArimaParams, values: ArimaValues, seed: number): Float64Array {
  const shape = shapeOf(arimaOrder(params));
  const { states, differenceLags, difference } = shape;
  const [phi, theta] = [new Float64Array(states), new Float64Array(states)];
  multiplyOut(shape, values, phi, theta);
  const random = createRandom(seed);
  const noise = Float64Array.from({ length: count + WARM }, () => random.normal() * Math.sqrt(values.variance));
  const stationary = noise.slice();
  for (let time = 0; time < stationary.length; time++)
    for (let lag = 1; lag <= Math.min(states, time); lag++)
      stationary[time] =
        (stationary[time] as number) +
        (phi[lag - 1] as number) * (stationary[time - lag] as number) +
        (theta[lag - 1] as number) * (noise[time - lag] as number);
  const series = stationary.slice(WARM).map((value) => value + values.constant);
  for (let time = 0; time < count; time++)
    differenceLags.forEach((lag, index) => {
      if (time >= lag) series[time] = (series[time] as number) + (difference[index] as number) * (series[time - lag] as number);
    });
  return series;
}
