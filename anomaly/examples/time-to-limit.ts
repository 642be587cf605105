/** When will the disk be full? And the one that is cleaned up every night? */
import { createRandom, timeToLimit } from "@kintsugi/anomaly";

const HOUR = 3_600_000;
const random = createRandom(3);
const times = Float64Array.from({ length: 96 }, (_, hour) => hour * HOUR);
const filling = times.map((time) => 30 + 0.4 * (time / HOUR) + random.normal());
const cleaned = times.map((time) => 30 + 2 * ((time / HOUR) % 23) + random.normal());

const { verdict, at = 0, earliest = 0, latest = 0 } = timeToLimit(times, filling, { limit: 100 });
const hours = (time: number): string => (time / HOUR).toFixed(0);
console.log(`${verdict}: full at hour ${hours(at)}, between ${hours(earliest)} and ${hours(latest)}`);
console.log(timeToLimit(times, cleaned, { limit: 100 }).verdict);

// prints:
// growing: full at hour 177, between 171 and 179
// cleaned-up
