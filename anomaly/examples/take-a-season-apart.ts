/** What is left of a week when season and trend are taken away: the hour in which something was wrong. */
import { createRandom, stl, strengths } from "@kintsugi/anomaly";

const random = createRandom(2);
const requests = Float64Array.from(
  { length: 168 },
  (_, hour) => 300 + 100 * Math.sin((2 * Math.PI * hour) / 24) + 5 * random.normal() - (hour === 100 ? 120 : 0),
);

const parts = stl(requests, { period: 24 });
const worst = parts.remainder.reduce((most, value, hour) => (Math.abs(value) > Math.abs(parts.remainder[most] ?? 0) ? hour : most), 0);
console.log(`hour ${worst} is ${parts.remainder[worst]?.toFixed(0)} requests a second away from its season`);
console.log(`the season explains ${(100 * strengths(parts).seasonal).toFixed(0)} % of the variance without trend`);

// prints:
// hour 100 is -122 requests a second away from its season
// the season explains 98 % of the variance without trend
