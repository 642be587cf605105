/** A part of the swarm as tests: parts run beside each other on the cores there are. */
import { expect, test } from "vitest";
import { check } from "../check.ts";
import { actPolicy, kintsugi } from "../kintsugi.ts";
import { runSeed } from "../run.ts";
import { addScores, type Score, scoreRun } from "../score.ts";
import { isFalseAlarm } from "../truth.ts";

/** Seeds `from` to `to`, the last one left out. They are the ones that `kintsugi simulate --seed` takes, so a failing one can be replayed. */
export function swarmPart(from: number, to: number): void {
  const scores: Score[] = [];
  const kept: string[] = [];

  test(`seeds ${from} to ${to - 1}: no law is broken and nothing healthy is touched`, { timeout: 600_000 }, async () => {
    for (let seed = from; seed < to; seed += 1) {
      const run = await runSeed(`${seed}`, kintsugi({ policy: actPolicy(), crashes: 1 }));
      const score = scoreRun(run);
      scores.push(score);
      for (const { law, detail } of check(run)) kept.push(`${law}: ${detail}; replay it with: kintsugi simulate --seed ${seed}`);
      for (const incident of run.incidents.filter((one) => isFalseAlarm(run, one)))
        falseAlarms.push(`${incident.id} ${incident.title}; replay it with: kintsugi simulate --seed ${seed}`);
    }
    expect(kept).toEqual([]);
  });
  const falseAlarms: string[] = [];

  test("it is right and quiet: what policy allows to heal is healed, the first diagnosis is the right one, nothing is a false alarm", () => {
    const score = addScores(scores);
    expect(score.faults).toBeGreaterThan(to - from);
    expect(score.healed / score.healable, "healed of healable").toBeGreaterThanOrEqual(0.95);
    expect(score.detected / score.faults, "recall").toBeGreaterThanOrEqual(0.95);
    expect(score.top1 / score.diagnosable, "top-1").toBeGreaterThanOrEqual(0.95);
    expect(falseAlarms).toEqual([]);
  });
}
