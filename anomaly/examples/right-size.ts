/** What should this container request? */
import { createRandom, rightSize, UsageHistogram } from "@kintsugi/anomaly";

const random = createRandom(4);
const cpu = new UsageHistogram();
for (let minute = 0; minute < 7 * 1_440; minute += 5) cpu.add(0.15 + 0.1 * random.next(), minute * 60_000);

const size = rightSize(cpu, { current: 2 });
if (size !== undefined)
  console.log(`request ${size.request.toFixed(2)} cores in place of 2 (${size.advice}), fine from ${size.lower.toFixed(2)} to ${size.upper.toFixed(2)}`);

// prints:
// request 0.29 cores in place of 2 (lower), fine from 0.24 to 0.33
