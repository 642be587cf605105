/** Unusual vectors of a workload's metrics, and which metric made them so. */
import { createRandom, fitIsolationForest, matrixOfRows } from "@kintsugi/anomaly";

const metrics = ["requests", "processor", "latency"];
const random = createRandom(1);
const history = matrixOfRows(
  Array.from({ length: 1_000 }, () => {
    const load = 50 + 10 * random.normal();
    return [load, load + 3 * random.normal(), 20 + 2 * random.normal()];
  }),
);
const forest = fitIsolationForest(history, { seed: 1, contamination: 0.01 });

const now = Float64Array.of(15, 80, 45);
const contributions = forest.contributions(now);
const most = contributions.indexOf(Math.max(...contributions));
console.log(`score ${forest.scoreOne(now).toFixed(2)}, unusual above ${forest.threshold.toFixed(2)}`);
console.log(`${metrics[most]} saved ${contributions[most]?.toFixed(1)} splits`);

// prints:
// score 0.74, unusual above 0.67
// processor saved 2.9 splits
