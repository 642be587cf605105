/** Whether trouble is found at the level that allows a given number of false alarms a day. */
import { createRandom, levelFor, type Random, StreamBank } from "../../src/index.ts";
import type { Row, Table } from "../report.ts";

const STEP_MS = 300_000;
const DAY = 288;
const LEARN = 14 * DAY;
const START = Date.UTC(2026, 0, 5);
const CASES = 40;
/** Samples that a trouble lasts, but for a spike. */
const LASTS = 50;
const ASKED = [1, 0.1];

/** The value at a sample, of spread 1; each series has its own. */
type Base = (random: Random) => (index: number) => number;
/** What trouble makes of a value, `since` samples after it began, where `first` was the value then. */
type Trouble = (value: number, since: number, random: Random, first: number) => number;

const BASES: Readonly<Record<string, Base>> = {
  independent: (random) => () => random.normal(),
  "AR(1), 0.8": autoRegressive,
  "daily season": (random) => (index) => 13 * Math.sin((2 * Math.PI * index) / DAY) + 4 * Math.cos((4 * Math.PI * index) / DAY) + random.normal(),
  "season and AR": (random) => {
    const rest = autoRegressive(random);
    return (index) => 8 * Math.max(0, Math.sin((2 * Math.PI * index) / DAY)) + rest(index);
  },
  "log-normal": (random) => () => Math.exp(0.7 * random.normal()),
};

const TROUBLES: Readonly<Record<string, Trouble>> = {
  "a spike of 6 spreads": (value, since) => (since === 0 ? value + 6 : value),
  "a shift by 2": (value) => value + 2,
  "a drift to 4": (value, since) => value + (4 * since) / LASTS,
  "noise of 2.5 more": (value, _, random) => value + 2.5 * random.normal(),
  "stuck at one value": (_, __, ___, first) => first,
  "nothing (chance)": (value) => value,
};

export function troublesTable(): Table {
  const levels = ASKED.map((alarmsPerDay) => levelFor({ alarmsPerDay, intervalMs: STEP_MS }));
  const learned = Object.entries(BASES).map(([name, base]) => ({ name, cases: Array.from({ length: CASES }, (_, seed) => learnedCase(base, seed)) }));
  const rows: Row[] = Object.entries(TROUBLES).map(([name, trouble]) => {
    const least = learned.map(({ cases }) => cases.map((each, seed) => leastP(each, trouble, seed)));
    const shares = levels.map((level) => least.map((own) => own.filter((p) => p <= level).length / CASES));
    return {
      name,
      cells: [...least.map((_, base) => shares.map((share) => (share[base] as number).toFixed(2)).join(" / ")), mean(shares[0]), mean(shares[1])],
      ours: true,
    };
  });
  return {
    title: "What is found: share of troubles with a p-value at the level of 1, and of 0.1, false alarms a day",
    notes: [
      `Tuned on: level, memories and members were chosen on these series. A sample in five minutes, ${LEARN / DAY} days to learn, then ${LASTS} samples of trouble (the spike: one), each case by itself, ${CASES} cases; spreads are those of the noise.`,
    ],
    columns: ["", ...learned.map(({ name }) => name), "mean at 1", "mean at 0.1"],
    rows,
    digits: 2,
    draw: "mean at 1",
  };
}

interface LearnedCase {
  readonly snapshot: Uint8Array;
  readonly next: Float64Array;
  readonly from: number;
}

function learnedCase(base: Base, seed: number): LearnedCase {
  const draw = base(createRandom(100 + seed));
  const bank = new StreamBank();
  const slot = bank.open();
  const from = LEARN + ((seed * 37) % DAY);
  for (let index = 0; index < from; index++) bank.push(slot, draw(index), START + index * STEP_MS);
  return { snapshot: bank.snapshot(), next: Float64Array.from({ length: LASTS }, (_, since) => draw(from + since)), from };
}

function leastP({ snapshot, next, from }: LearnedCase, trouble: Trouble, seed: number): number {
  const bank = StreamBank.restore(snapshot);
  const random = createRandom(7 + seed);
  const first = next[0] as number;
  return next.reduce((least, value, since) => Math.min(least, bank.push(0, trouble(value, since, random, first), START + (from + since) * STEP_MS)), 1);
}

/** Of variance 1. */
function autoRegressive(random: Random): (index: number) => number {
  let value = 0;
  return () => {
    value = 0.8 * value + 0.6 * random.normal();
    return value;
  };
}

function mean(values: readonly number[] = []): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
