/** When did the latency of each service change, as its samples come in? */
import { CHANGES, createCusum, createRandom } from "@kintsugi/anomaly";

const services = ["shop", "cart", "mail"];
const bank = createCusum(services.length);
const random = createRandom(12);

for (let second = 0; second < 4_500; second += 15)
  for (const [slot, service] of services.entries()) {
    const latency = 50 + 5 * random.normal() + (service === "cart" && second >= 3_000 ? 20 : 0);
    const change = CHANGES[bank.push(slot, latency, second)];
    if (change !== "none") console.log(`${service} went ${change} at ${bank.onset(slot)} s, certain at ${second} s`);
  }

// prints:
// cart went up at 2970 s, certain at 3030 s
