/** One stream with a daily wave and four kinds of trouble: what the bank says to each, and who votes. */
import { AlarmGate, createRandom, MEMBERS, StreamBank } from "../../src/index.ts";
import type { Scene } from "../chart.ts";

const STEP_MS = 300_000;
const DAY = 288;
const SHOWN = 15 * DAY;
const TRUTH = [
  [SHOWN + 100, SHOWN + 101],
  [SHOWN + DAY + 60, SHOWN + DAY + 130],
  [SHOWN + 2 * DAY + 40, SHOWN + 2 * DAY + 110],
  [SHOWN + 3 * DAY + 130, SHOWN + 3 * DAY + 160],
] as const;
const [SPIKE, WILD, SHIFT, MISSING] = TRUTH;

export function streamScene(): Scene {
  const random = createRandom(4);
  const within = ([from, to]: readonly [number, number], index: number): boolean => index >= from && index <= to;
  const samples = Float64Array.from({ length: SHOWN + 4 * DAY }, (_, index) => {
    const wave = (at: number): number => 100 + 40 * Math.sin((2 * Math.PI * at) / DAY);
    const level = within(MISSING, index) ? wave(index + DAY / 2) : wave(index);
    return level + (within(WILD, index) ? 12 : 3) * random.normal() + (within(SHIFT, index) ? 9 : 0) + (within(SPIKE, index) ? 45 : 0);
  });
  const bank = new StreamBank();
  const slot = bank.open();
  const gate = new AlarmGate({ alarmsPerDay: 1, intervalMs: STEP_MS });
  const surprise = new Float64Array(samples.length);
  const expected = new Float64Array(samples.length);
  const alarms: number[] = [];
  const votes = new Map(MEMBERS.map((name) => [name, 0]));
  samples.forEach((sample, index) => {
    const at = index * STEP_MS;
    const p = bank.push(slot, sample, at);
    surprise[index] = -Math.log10(p);
    expected[index] = bank.answer[2] as number;
    if (gate.push(slot, p, at) && index >= SHOWN) alarms.push(index - SHOWN);
    if (TRUTH.some((span) => within(span, index)))
      for (const [bit, name] of MEMBERS.entries()) if ((bank.memberP[bit] as number) <= 0.001) votes.set(name, (votes.get(name) ?? 0) + 1);
  });
  return {
    name: "stream",
    title: "A spike, wildness, a shift, a night at noon; 1 false alarm a day asked",
    truth: TRUTH.map(([from, to]) => [from - SHOWN, to - SHOWN] as const),
    sample: "5 min",
    panels: [
      {
        title: "the stream, and what was expected one sample ahead",
        lines: [
          { label: "samples", values: samples.subarray(SHOWN), colour: "grey" },
          { label: "level and season", values: expected.subarray(SHOWN) },
        ],
      },
      {
        title: "-log10 of the p-value",
        lines: [{ label: "answer of the bank", values: surprise.subarray(SHOWN) }],
        level: { label: "1 alarm a day", value: -Math.log10(gate.level) },
        alarms,
      },
      { title: "samples in trouble for which a member voted", lines: [], bars: [...votes].map(([name, value]) => ({ name, value })) },
    ],
  };
}
