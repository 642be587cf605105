/** Two days of CPU ahead, from ten days with a daily season; then one sample that nobody expected. */
import { createRandom, HoltWinters } from "@kintsugi/anomaly";

const random = createRandom(1);
const cpu = Float64Array.from({ length: 240 }, (_, hour) => 50 + 20 * Math.sin((2 * Math.PI * hour) / 24) + random.normal());

const model = HoltWinters.fit(cpu, { period: 24 });
const { mean, lower, upper } = model.forecast(48, 0.9);
for (const hour of [0, 6, 18]) console.log(`in ${hour + 1} h: ${mean[hour]?.toFixed(0)} % (${lower[hour]?.toFixed(0)} to ${upper[hour]?.toFixed(0)})`);

const surprise = model.update(95);
console.log(surprise !== undefined && surprise > 20 ? "95 % now: far beyond what was expected" : "95 % now: as expected");

// prints:
// in 1 h: 50 % (49 to 52)
// in 7 h: 71 % (69 to 72)
// in 19 h: 31 % (29 to 32)
// 95 % now: far beyond what was expected
