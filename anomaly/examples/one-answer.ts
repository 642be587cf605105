/** One answer per owner from the p-values of its series, and weights that learn from what became of alarms. */
import { combineP, MEMBERS, MemberWeights, OwnerAnswers } from "@kintsugi/anomaly";

// Two pods, three series each: the first has one that is sure.
const p = Float64Array.of(0.5, 1e-6, 0.2, 0.6, 0.04, 0.3);
const owners = Int32Array.of(0, 0, 0, 1, 1, 1);
const answers = new OwnerAnswers(2);
answers.combine(p, owners);
for (const [owner, own] of answers.p.entries())
  console.log(`pod ${owner}: p = ${own.toPrecision(2)}, series ${answers.voters(owner, p, owners, 0.001).join(", ")}`);

// The CUSUM saw three incidents that others did not, the spike raised two false alarms.
const weights = new MemberWeights(MEMBERS.length);
const sees = (name: string, value: number): number[] => MEMBERS.map((member) => (member === name ? value : 0.4));
for (let incident = 0; incident < 3; incident++) weights.update(sees("cusum", 1e-4), true);
for (let alarm = 0; alarm < 2; alarm++) weights.update(sees("spike", 1e-5), false);
console.log(MEMBERS.map((name, member) => `${name} ${weights.weights[member]?.toFixed(2)}`).join(", "));
const sure = Float64Array.from(sees("cusum", 1e-3));
const equal = new Float64Array(MEMBERS.length).fill(1);
console.log(
  `CUSUM alone is sure: p = ${combineP(sure, sure.length, equal).toFixed(4)} before, ${combineP(sure, sure.length, weights.weights).toFixed(4)} after`,
);

// prints:
// pod 0: p = 0.0000030, series 1
// pod 1: p = 0.11, series 4
// spike 0.29, mean-shift 0.79, variance-shift 0.79, cusum 2.54, seasonal 0.79, auto-regression 0.79
// CUSUM alone is sure: p = 0.0060 before, 0.0024 after
