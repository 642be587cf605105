/** Watch one series and say what it never did before: a request rate with a daily wave, and an hour in which nobody calls. */
import { createRandom, NoveltyDetector } from "@kintsugi/anomaly";

const FIVE_MINUTES = 300_000;
const START = Date.UTC(2026, 0, 5);
const detector = new NoveltyDetector();
const random = createRandom(4);

for (let sample = 0; sample < 10 * 288; sample++) {
  const at = START + sample * FIVE_MINUTES;
  const usual = 200 + 80 * Math.sin((2 * Math.PI * sample) / 288) + 5 * random.normal();
  const value = sample >= 2600 && sample < 2612 ? 0 : usual;
  const score = detector.push(value, at);
  if (score < 0.05 || sample < 288) continue;
  const [three, six, twelve, daily] = [...detector.novelties].map((novelty) => novelty.toFixed(2));
  console.log(
    `${new Date(at).toISOString().slice(5, 16)} ${value.toFixed(0)} requests/s: score ${score.toFixed(2)} (last 3: ${three}, 6: ${six}, 12: ${twelve}, against the hour: ${daily})`,
  );
}
console.log(`states known: ${detector.points}, bytes of state: ${detector.bytes}`);

// prints:
// 01-14T00:40 0 requests/s: score 0.09 (last 3: 0.22, 6: 0.17, 12: 0.12, against the hour: 0.19)
// 01-14T00:45 0 requests/s: score 0.11 (last 3: 0.25, 6: 0.22, 12: 0.16, against the hour: 0.27)
// states known: 243, bytes of state: 29632
