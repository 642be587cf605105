/** Is this service as usual, all its metrics together? And which of them is it, if not? */
import { createRandom, fitPca, matrixOfRows, restorePca } from "@kintsugi/anomaly";

const METRICS = ["requests", "cpu", "memory", "latency"];
const random = createRandom(5);
const sample = (minute: number): number[] => {
  const load = 3 + Math.sin((2 * Math.PI * minute) / 1440) + 0.1 * random.normal();
  return [100 * load + 3 * random.normal(), 0.2 * load + 0.01 * random.normal(), 512 + 4 * random.normal(), 20 + 5 * load + random.normal()];
};

const week = matrixOfRows(Array.from({ length: 7 * 1440 }, (_, minute) => sample(minute)));
const pca = fitPca(week);

// Each minute: one score, and the detector learns. Its state is bytes.
const calm = Array.from({ length: 60 }, (_, minute) => pca.push(Float64Array.from(sample(minute))));
const later = restorePca(pca.snapshot());

// Fewer requests, more processor: no metric leaves its range, but they leave each other.
const odd = Array.from({ length: 10 }, (_, minute) => {
  const [requests = 0, cpu = 0, memory = 0, latency = 0] = sample(60 + minute);
  return Float64Array.of(requests * 0.8, cpu * 1.25, memory, latency);
});
const scores = odd.map((vector) => later.push(vector));
const shares = later.contributions(odd.at(-1) as Float64Array);

console.log(`an hour as usual: below ${Math.ceil(Math.max(...calm, 1))}; now: ${(scores.at(-1) as number).toFixed(1)}`);
const total = shares.reduce((sum, share) => sum + share, 0);
METRICS.forEach((name, index) => {
  console.log(`${name}: ${Math.max(0, Math.round((100 * (shares[index] as number)) / total))} %`);
});

// prints:
// an hour as usual: below 1; now: 10.4
// requests: 26 %
// cpu: 74 %
// memory: 0 %
// latency: 0 %
