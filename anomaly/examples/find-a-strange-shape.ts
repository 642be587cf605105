/** A nightly job that takes nine hours in place of four: no value is unusual, the shape of the night is. */
import { createRandom, dominantPeriod, SubPca } from "@kintsugi/anomaly";

const random = createRandom(3);
const night = (hour: number): number => (hour % 24 >= 2 && hour % 24 < 6 ? 80 : 20);
const disk = Float64Array.from({ length: 600 }, (_, hour) => (hour >= 486 && hour < 491 ? 80 : night(hour)) + 3 * random.normal());

const history = disk.subarray(0, 300);
const window = dominantPeriod(history) ?? 100;
console.log(`one season is ${window} samples`);

const model = SubPca.fit(history, { window });
const usual = Math.max(...model.score(history));
for (let hour = 300; hour < disk.length; hour++) {
  const score = model.push(disk[hour] as number);
  if (score > 1.25 * usual) {
    console.log(`day ${Math.floor(hour / 24)}, ${hour % 24} h: a shape ${score.toFixed(1)} times as far away as usual`);
    break;
  }
}

// prints:
// one season is 24 samples
// day 20, 10 h: a shape 1.3 times as far away as usual
