/** Scores of any detector, calibrated: what a score means, and when to raise an alarm. */
import { AlarmGate, createRandom, discoveryThreshold, rateForTick, ScoreCalibration } from "@kintsugi/anomaly";

const MINUTE = 60_000;
const random = createRandom(5);
const calibration = new ScoreCalibration();
const gate = new AlarmGate({ alarmsPerDay: 2, intervalMs: MINUTE });

// Twenty days of scores of a detector that knows no unit: nothing is ever wrong.
let alarms = 0;
for (let minute = 0; minute < 20 * 1440; minute++) {
  const p = calibration.push(Math.abs(random.normal()) ** 1.5);
  if (gate.push(0, p, minute * MINUTE)) alarms++;
}
console.log(`${(alarms / 20).toFixed(2)} alarms a day, 2 were asked for`);
console.log(`a score of 4 has p = ${calibration.pValue(4).toFixed(4)}, one of 12 has p = ${calibration.pValue(12).toExponential(1)}`);

// One tick of five series of a tenant, of whose ticks one in a day may hold a false discovery.
const tick = Float64Array.of(0.4, 1e-7, 0.03, 2e-5, 0.9);
const threshold = discoveryThreshold(tick, rateForTick(1, MINUTE));
console.log(`discoveries: series ${[...tick.keys()].filter((series) => (tick[series] as number) <= threshold).join(" and ")}`);

// prints:
// 2.10 alarms a day, 2 were asked for
// a score of 4 has p = 0.0112, one of 12 has p = 5.3e-6
// discoveries: series 1 and 3
