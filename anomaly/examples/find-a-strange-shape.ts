/** A nightly job that fails and leaves its hour quiet: no value is unusual, the shape of the night is. */
import { createRandom, dominantPeriod, SubPca } from "@kintsugi/anomaly";

const random = createRandom(3);
const night = (hour: number): number => (hour % 24 >= 2 && hour % 24 < 6 ? 80 : 20);
const disk = Float64Array.from({ length: 600 }, (_, hour) => night(hour) + 3 * random.normal());
for (let hour = 482; hour < 486; hour++) disk[hour] = 20;

const history = disk.subarray(0, 300);
const window = dominantPeriod(history) ?? 100;
console.log(`one season is ${window} samples`);

// The season is regular: a larger share and a smaller ridge see finer shapes.
const model = SubPca.fit(history, { window, share: 0.95, ridge: 0.1 });
for (let hour = 300; hour < disk.length; hour++) {
  const score = model.push(disk[hour] as number);
  if (score > 1.3) {
    console.log(`hour ${hour}: a shape ${score.toFixed(1)} times as far away as usual`);
    break;
  }
}

// prints:
// one season is 24 samples
// hour 483: a shape 1.4 times as far away as usual
