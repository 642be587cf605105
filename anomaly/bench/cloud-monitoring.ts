/** The cloud-monitoring groups at one threshold that no label has chosen. */
import { join } from "node:path";
import { createRandom, NoveltyDetector } from "../src/index.ts";
import { alarmLevel } from "./cloud-monitoring/alarm-level.ts";
import { type Group, type LabelledSeries, readGroups } from "./cloud-monitoring/groups.ts";
import type { Part } from "./part.ts";
import type { Row, Table } from "./report.ts";

const HOUR = 3_600_000;
const DAY = 24;
/** Alarms that are bearable, per series and day: one in ten days. */
const ASKED = 0.1;
/** A month of hours, as most of the series have. */
const SAMPLES = 720;

export const cloudMonitoring: Part = {
  name: "cloud-monitoring",
  title: "Cloud monitoring at a fixed threshold",
  needs: ["cloud-monitoring"],
  async run(data, say) {
    const groups = readGroups(join(data, "cloud-monitoring"));
    const level = alarmLevel(ASKED, HOUR, SAMPLES);
    say(`threshold ${level.toFixed(4)}, from series in which nothing happens`);
    return [tableOf(groups, level)];
  },
};

function tableOf(groups: readonly Group[], level: number): Table {
  const alarms = (series: LabelledSeries): readonly number[] => alarmsOf(new NoveltyDetector().score(series.values, series.times), level);
  const all: Group = { name: "all", series: groups.flatMap(({ series }) => series) };
  return {
    title: `Cloud monitoring, one threshold: ${level.toFixed(4)}`,
    notes: [
      "Tuned on: these series had a part in fixing the detector's parameters, though not the threshold.",
      `The threshold is the score that series of noise, seasons, counts and heavy tails, in which nothing happens, exceed ${ASKED} times a day. The detector is silent for its first 50 samples; stretches that lie wholly there count as missed.`,
      "An alarm is right inside a labelled stretch; a stretch is found where one lies in it. After an alarm the detector is quiet for 20 to 200 samples unless something larger comes, so of stretches close to each other only the first is found. Delay in hours from the first labelled one. Random: as many alarms, at random hours.",
    ],
    columns: ["group", "series", "stretches", "precision", "recall", "median delay, h", "alarms a day", "precision, random", "recall, random"],
    rows: [...groups, all].map((group) => rowOf(group, alarms)),
    digits: 2,
    draw: "precision",
  };
}

const alarmsOf = (scores: Float64Array, level: number): readonly number[] => [...scores.keys()].filter((row) => (scores[row] as number) >= level);

function rowOf({ name, series }: Group, alarmsFor: (series: LabelledSeries) => readonly number[]): Row {
  const random = createRandom(3);
  const ours = series.map(alarmsFor);
  const chance = series.map(({ values }, index) => (ours[index] ?? []).map(() => random.below(values.length)).sort((one, other) => one - other));
  const real = outcome(series, ours);
  const blind = outcome(series, chance);
  const days = series.reduce((sum, { values }) => sum + values.length, 0) / DAY;
  const stretches = series.reduce((sum, each) => sum + each.stretches.length, 0);
  return {
    name,
    cells: [String(series.length), String(stretches), real.precision, real.recall, real.delay, real.alarms / days, blind.precision, blind.recall],
    ours: true,
  };
}

/** Undefined where there is nothing to divide by. */
function outcome(
  series: readonly LabelledSeries[],
  alarms: readonly (readonly number[])[],
): { readonly precision: number | undefined; readonly recall: number | undefined; readonly delay: number | undefined; readonly alarms: number } {
  const delays: number[] = [];
  let [raised, right, stretches] = [0, 0, 0];
  series.forEach(({ stretches: labelled }, index) => {
    const own = alarms[index] ?? [];
    raised += own.length;
    right += own.filter((row) => labelled.some(({ first, last }) => row >= first && row <= last)).length;
    stretches += labelled.length;
    for (const { first, last } of labelled) {
      const found = own.find((row) => row >= first && row <= last);
      if (found !== undefined) delays.push(found - first);
    }
  });
  delays.sort((one, other) => one - other);
  return {
    precision: raised > 0 ? right / raised : undefined,
    recall: stretches > 0 ? delays.length / stretches : undefined,
    delay: delays[delays.length >> 1],
    alarms: raised,
  };
}
