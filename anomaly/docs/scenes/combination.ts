/** Six members, one answer: what each is sure of, and what they say together. */
import { createRandom, MEMBERS, StreamBank } from "../../src/index.ts";
import type { Scene } from "../chart.ts";

const STEP_MS = 60_000;
const LEARN = 3_000;
const TRUTH = [
  [LEARN + 100, LEARN + 101],
  [LEARN + 250, LEARN + 330],
] as const;

export function combinationScene(): Scene {
  const random = createRandom(2);
  const within = ([from, to]: readonly [number, number], index: number): boolean => index >= from && index <= to;
  const samples = Float64Array.from(
    { length: LEARN + 450 },
    (_, index) => 50 + 2 * random.normal() + (within(TRUTH[0], index) ? 14 : 0) + (within(TRUTH[1], index) ? 3 : 0),
  );
  const bank = new StreamBank();
  const slot = bank.open();
  const members = MEMBERS.map(() => new Float64Array(samples.length));
  const together = new Float64Array(samples.length);
  samples.forEach((sample, index) => {
    together[index] = -Math.log10(bank.push(slot, sample, index * STEP_MS));
    for (const [member, line] of members.entries()) line[index] = -Math.log10(bank.memberP[member] as number);
  });
  const shown = ["spike", "cusum", "mean-shift"] as const;
  return {
    name: "combination",
    title: "A spike that one member sees, and a small shift that others see",
    truth: TRUTH.map(([from, to]) => [from - LEARN, to - LEARN] as const),
    sample: "1 min",
    panels: [
      { title: "samples", lines: [{ label: "samples", values: samples.subarray(LEARN), colour: "grey" }] },
      {
        title: "-log10 p of three members",
        lines: shown.map((name) => ({ label: name, values: (members[MEMBERS.indexOf(name)] as Float64Array).subarray(LEARN) })),
      },
      {
        title: "-log10 p of the combination",
        lines: [{ label: "all six", values: together.subarray(LEARN) }],
        level: { label: "p = 0.001", value: 3 },
      },
    ],
  };
}
