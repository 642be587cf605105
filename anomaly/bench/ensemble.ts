/** Whether the combination is better than its members, and weights learned from feedback better than equal ones. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { combineP, MEMBERS, MemberWeights, StreamBank } from "../src/index.ts";
import type { Part } from "./part.ts";
import type { Row, Table } from "./report.ts";
import { randomScores } from "./scoring/baselines.ts";
import { precisionRecall } from "./scoring/precision-recall.ts";

const FOLDER = "cloud-monitoring";
/** An alarm that a person would have looked at: the combined p-value is below. */
const LOOKED_AT = 0.002;
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
  needs: [FOLDER],
  run: async (data, say) => {
    const all = readAll(join(data, FOLDER));
    say(`${all.length} series`);
    const groups = [...new Set(all.map(({ group }) => group))];
    const row = (name: string, method: Method, ours = false): Row => {
      const scored = all.map((series) => ({ ...series, scores: method(series) })).filter(({ labels }) => labels.includes(1));
      const areas = groups.map((group) =>
        mean(scored.filter((series) => series.group === group).map(({ labels, scores }) => precisionRecall(labels, scores).aucPr)),
      );
      return { name, cells: [...areas, mean(areas), mean(scored.map(({ labels, scores }) => precisionRecall(labels, scores).aucPr))], ours };
    };
    const equal = new Float64Array(MEMBERS.length).fill(1);
    const combined =
      (weights: Float64Array): Method =>
      ({ p }) =>
        Float64Array.from(p, (own) => -Math.log(combineP(own, MEMBERS.length, weights)));
    return [
      {
        title: "Area under precision and recall, mean over series",
        notes: [
          `Tuned on: the rate of learning, and the choice of members, were fixed on these ${all.length} series, hourly, of Microsoft's cloud monitoring set. Per sample, no point adjustment, causal.`,
          `Feedback: when an incident is over it is confirmed, and an alarm (combined p at most ${LOOKED_AT}) outside of incidents is called false; weights are shared by all series, in the order of their names, and only change what comes after.`,
        ],
        columns: ["", ...groups, "mean of groups", "mean of series"],
        rows: [
          row("equal weights", combined(equal), true),
          row("weights learned from feedback", learned(), true),
          ...MEMBERS.map((name, member) => row(`equal, without ${name}`, combined(equal.with(member, 0)), true)),
          ...MEMBERS.map((name, member) => row(`${name} alone`, ({ p }) => Float64Array.from(p, (own) => -Math.log(own[member] as number)))),
          row("random", ({ labels }) => randomScores(labels.length, 1)),
          row("null", ({ labels }) => new Float64Array(labels.length)),
        ],
        draw: "mean of groups",
      } satisfies Table,
    ];
  },
};

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
  const groups = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return groups.flatMap(({ name }) =>
    readdirSync(join(folder, name))
      .filter((file) => file.endsWith(".csv"))
      .sort()
      .map((file) => labelled(name, readFileSync(join(folder, name, file), "utf8"))),
  );
}

/** Lines of time, value and label, quoted or not; times are UTC. */
function labelled(group: string, text: string): Labelled {
  const bank = new StreamBank(PARAMS);
  const slot = bank.open();
  const lines = text.replaceAll(/["\r]/g, "").trim().split("\n").slice(1);
  const labels = new Uint8Array(lines.length);
  const p = lines.map((line, index) => {
    const [time = "", value = "", label] = line.split(",");
    labels[index] = Number(label);
    bank.push(slot, value === "" ? Number.NaN : Number(value), Date.parse(time.includes("T") ? time : `${time.replace(" ", "T")}Z`));
    return bank.memberP.slice();
  });
  return { group, labels, p };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
