/** The order of a model from the series itself, half a day ahead with intervals, and a sample that nobody expected. */
import { Arima, createRandom, selectArima } from "@kintsugi/anomaly";

const random = createRandom(3);
let load = 0;
const requests = Float64Array.from({ length: 300 }, () => {
  load = 0.8 * load + random.normal();
  return 200 + 10 * load;
});
requests[120] = Number.NaN; // a scrape that failed

const model = selectArima(requests);
console.log(model.name);
const { mean, lower, upper } = model.forecast(12, 0.95);
for (const step of [0, 5, 11]) console.log(`in ${step + 1} h: ${mean[step]?.toFixed(0)} requests/s (${lower[step]?.toFixed(0)} to ${upper[step]?.toFixed(0)})`);

const restored = Arima.restore(model.snapshot());
const score = restored.update(290) ?? 0;
console.log(`290 requests/s now: ${score.toFixed(1)} deviations from what was expected`);

// prints:
// ARIMA(1,1,1)
// in 1 h: 191 requests/s (171 to 211)
// in 6 h: 193 requests/s (160 to 227)
// in 12 h: 194 requests/s (158 to 230)
// 290 requests/s now: 9.9 deviations from what was expected
