/** Watch many series, a tick at a time: a gauge and a counter here, a hundred thousand just the same. */
import { AlarmGate, createRandom, MEMBERS, StreamBank } from "@kintsugi/anomaly";

const INTERVAL_MS = 15_000;
const bank = new StreamBank();
const slots = Int32Array.of(bank.open("gauge"), bank.open("counter"));
const gate = new AlarmGate({ alarmsPerDay: 0.5, intervalMs: INTERVAL_MS, refractoryMs: 600_000 });
const random = createRandom(3);

const values = new Float64Array(2);
const p = new Float64Array(2);
const votes = new Uint8Array(2);
let requests = 0;
for (let tick = 0; tick < 5_760; tick++) {
  const at = Date.UTC(2026, 0, 5) + tick * INTERVAL_MS;
  // Latency in milliseconds, which doubles after 22 hours; and requests so far, whose counter starts again at noon.
  values[0] = (tick < 5_280 ? 20 : 40) + random.normal();
  requests = (tick === 2_880 ? 0 : requests) + 600 + 20 * random.normal();
  values[1] = requests;
  bank.pushTick(slots, values, at, p, votes);
  for (const [series, slot] of slots.entries()) {
    if (!gate.push(slot, p[series] as number, at)) continue;
    const voters = MEMBERS.filter((_, bit) => ((votes[series] as number) & (1 << bit)) !== 0);
    console.log(`${new Date(at).toISOString().slice(11, 19)} series ${series}, value ${values[series]?.toFixed(1)}: ${voters.join(", ")}`);
  }
}
console.log(`resets of the counter: ${bank.counts(1).counterResets}, bytes of state: ${bank.snapshot().length}`);

// prints:
// 22:00:00 series 0, value 41.0: spike, mean-shift, seasonal, auto-regression
// resets of the counter: 1, bytes of state: 4228
