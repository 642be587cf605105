import { describe, expect, test } from "vitest";
import { createRandom } from "./random.ts";
import { drawScenario, type Scenario } from "./scenario/draw.ts";
import { isWell } from "./scenario/stage.ts";
import { recordTranscript } from "./transcript.ts";

function play(scenario: Scenario): void {
  const random = createRandom(`play/${scenario.seed}`);
  for (const [i, { at, fault }] of scenario.faults.entries())
    scenario.stage.cluster.timeline.at(at, () => fault.inject(scenario.stage, random.fork(String(i))));
}

function hashOf(seed: string): { hash: string; lines: number } {
  const scenario = drawScenario(seed);
  play(scenario);
  const transcript = recordTranscript(scenario.stage.cluster.world);
  scenario.stage.cluster.timeline.advanceTo(scenario.end);
  return { hash: transcript.hash(), lines: transcript.lines.length };
}

describe("a seed", () => {
  test.each(["one", "two", "three"])("%s gives the same transcript twice, line for line", (seed) => {
    const [first, second] = [hashOf(seed), hashOf(seed)];
    expect(first).toEqual(second);
    expect(first.lines).toBeGreaterThan(500);
  });

  test("another seed gives another transcript", () => {
    expect(hashOf("one").hash).not.toBe(hashOf("two").hash);
  });
});

describe("scenarios of eight seeds", () => {
  test("are healthy after the warm-up, have faults and look-alikes, and no look-alike is ill in the end", () => {
    for (let seed = 0; seed < 8; seed += 1) {
      const scenario = drawScenario(`eight/${seed}`);
      play(scenario);
      const { timeline } = scenario.stage.cluster;
      timeline.advanceTo(scenario.warmAt);
      expect(scenario.stage.apps.filter((app) => !isWell(scenario.stage, app.ref)).map((app) => app.ref.name)).toEqual([]);
      expect(scenario.faults.length).toBeGreaterThan(0);
      expect(scenario.scenes.length).toBeGreaterThan(1);
      timeline.advanceTo(scenario.end);
      const ill = scenario.scenes.filter(({ scene }) => scene != null && !scene.isWell()).map(({ lookAlike }) => `${seed} ${lookAlike.id}`);
      expect(ill).toEqual([]);
    }
  }, 60_000);
});
