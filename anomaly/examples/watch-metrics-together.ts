/** Metrics of one pod, watched together: the first row that is unusual, and which metric made it so. */
import { createRandom, fitLstmAutoencoder, matrixOfRows } from "@kintsugi/anomaly";

const metrics = ["requests", "cpu"];
const random = createRandom(1);
// A request costs 20 ms of CPU; from minute 3060 on it costs 10: half of the requests fail at once, and each metric alone looks as ever.
const row = (minute: number): number[] => {
  const requests = 50 + 30 * Math.sin(minute / 10) + 2 * random.normal();
  return [requests, requests * (minute < 3060 ? 0.02 : 0.01) + 0.02 * random.normal()];
};
const history = matrixOfRows(Array.from({ length: 3000 }, (_, minute) => row(minute)));

const model = fitLstmAutoencoder(history, { window: 20, recent: 4, hidden: 8, learningRate: 0.01 });
const stream = model.stream();
for (let minute = 3000; minute < 3120; minute++) {
  const score = stream.push(0, row(minute));
  if (score < 2) continue;
  const [requests = 0, cpu = 0] = stream.contributions;
  console.log(`minute ${minute}: ${score.toFixed(1)} times the usual error, most of it in ${metrics[cpu > requests ? 1 : 0]}`);
  break;
}

// prints:
// minute 3069: 2.1 times the usual error, most of it in cpu
