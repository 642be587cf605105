/** Whether the combination is better than its members, and weights learned from feedback better than equal ones. */
import { join } from "node:path";
import { combineP, MEMBERS, MemberWeights, StreamBank } from "../src/index.ts";
import { type LabelledSeries, readGroups } from "./cloud-monitoring/groups.ts";
import { mean } from "./mean.ts";
import type { Part } from "./part.ts";
import type { Row, Table } from "./report.ts";
import { nullScores, randomScores } from "./scoring/baselines.ts";
import { precisionRecall } from "./scoring/precision-recall.ts";
import { evaluationSeries } from "./tsb-ad-u/data.ts";

const FOLDER = "cloud-monitoring";
/** An alarm that a person would have looked at: the combined p-value is below. */
const LOOKED_AT = 0.002;
const START = Date.UTC(2026, 0, 5);
/** Of 350 to 6,000 hourly samples the first 64 may be silent, not 256. */
const PARAMS = { learnSamples: 32, warmSamples: 64 };

interface Labelled {
  readonly group: string;
  readonly labels: Uint8Array;
  /** One row of member p-values per sample. */
  readonly p: readonly Float64Array[];
}

/** Score per sample, higher where more unusual. */
type Method = (series: Labelled) => Float64Array;

export const ensemble: Part = {
  name: "ensemble",
  title: "Members, their combination, and learned weights",
  needs: [FOLDER, "published"],
  run: async (data, say) => {
    const tuned = readAll(join(data, FOLDER));
    const reported = readNab(data);
    say(`${tuned.length} and ${reported.length} series`);
    return [
      tableOf("Area under precision and recall, cloud monitoring (tuned on)", tuned, [
        `Tuned on: memories, the rate of learning and the choice of members were fixed on these ${tuned.length} hourly series. Per sample, no point adjustment, causal.`,
        `Feedback: when an incident is over it is confirmed, and an alarm (combined p at most ${LOOKED_AT}) outside of incidents is called false; weights are shared by all series, in the order of their names, and only change what comes after.`,
      ]),
      tableOf("Area under precision and recall, the 14 NAB series of TSB-AD-U", reported, [
        "Nothing was tuned on these; weights begin equal. Labels are long windows, which favours members that stay high.",
      ]),
    ];
  },
};

function tableOf(title: string, all: readonly Labelled[], notes: readonly string[]): Table {
  const groups = [...new Set(all.map(({ group }) => group))];
  const areasOf = (method: Method): { readonly group: string; readonly area: number }[] => {
    const scored = all.map((series) => ({ group: series.group, labels: series.labels, scores: method(series) })).filter(({ labels }) => labels.includes(1));
    return scored.map(({ group, labels, scores }) => ({ group, area: precisionRecall(labels, scores).aucPr }));
  };
  const row = (name: string, method: Method, ours = false): Row => {
    const areas = areasOf(method);
    const ofGroups = groups.map((group) => mean(areas.filter((each) => each.group === group).map(({ area }) => area)));
    const won = areas.filter(({ area }, index) => area > (ofEqual[index]?.area as number)).length;
    return { name, cells: [...ofGroups, mean(ofGroups), mean(areas.map(({ area }) => area)), `${won} of ${areas.length}`], ours };
  };
  const equal = new Float64Array(MEMBERS.length).fill(1);
  const combined =
    (weights: Float64Array): Method =>
    ({ p }) =>
      Float64Array.from(p, (own) => -Math.log(combineP(own, MEMBERS.length, weights)));
  const ofEqual = areasOf(combined(equal));
  return {
    title,
    notes,
    columns: ["", ...groups, "mean of groups", "mean of series", "better than equal weights on"],
    rows: [
      row("equal weights", combined(equal), true),
      row("weights learned from feedback", learned(), true),
      ...MEMBERS.map((name, member) => row(`equal, without ${name}`, combined(equal.with(member, 0)), true)),
      ...MEMBERS.map((name, member) => row(`${name} alone`, ({ p }) => Float64Array.from(p, (own) => -Math.log(own[member] as number)))),
      row("random", ({ labels }) => randomScores(labels.length, 1)),
      row("null", ({ labels }) => nullScores(labels.length)),
    ],
    draw: "mean of groups",
  };
}

/** Weights that learn as the series go by, one after the other. */
function learned(): Method {
  const weights = new MemberWeights(MEMBERS.length);
  return ({ p, labels }) => {
    const least = new Float64Array(MEMBERS.length).fill(1);
    let inIncident = false;
    return Float64Array.from(p, (own, index) => {
      const combined = combineP(own, MEMBERS.length, weights.weights);
      if (labels[index] === 1) {
        inIncident = true;
        own.forEach((each, member) => {
          least[member] = Math.min(least[member] as number, each);
        });
      } else {
        if (inIncident) weights.update(least, true);
        if (combined <= LOOKED_AT) weights.update(own, false);
        inIncident = false;
        least.fill(1);
      }
      return -Math.log(combined);
    });
  };
}

function readAll(folder: string): Labelled[] {
  return readGroups(folder).flatMap(({ name, series }) => series.map((each) => scoredBy(new StreamBank(PARAMS), name, each)));
}

/** One sample in five minutes, as most of them are. */
function readNab(data: string): Labelled[] {
  return evaluationSeries(data).map(({ values, labels }) =>
    scoredBy(new StreamBank(), "all", { values, labels, times: values.map((_, index) => START + index * 300_000) }),
  );
}

function scoredBy(bank: StreamBank, group: string, { values, times, labels }: Omit<LabelledSeries, "name" | "stretches">): Labelled {
  const slot = bank.open();
  const p = Array.from(values, (value, index) => {
    bank.push(slot, value, times[index] as number);
    return bank.memberP.slice();
  });
  return { group, labels, p };
}
