/** One sample against a window of its own past. */
import { robustScore } from "@kintsugi/anomaly";

const latencies = Float64Array.of(21, 20, 22, 19, 21, 20, 500, 20, 21, 22);
console.log(`41 ms is ${robustScore(latencies, 41)?.toFixed(1)} robust standard deviations away`);
console.log(`22 ms is ${robustScore(latencies, 22)?.toFixed(1)}`);

// prints:
// 41 ms is 13.5 robust standard deviations away
// 22 ms is 0.7
