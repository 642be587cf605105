import { rankRootCauses, type RankParams } from "../src/root-cause/rank.ts";
import { madeIncident } from "./petshop/made-incident.ts";
import { nSigma, traversal } from "./petshop/baselines.ts";
import { recallAt } from "./petshop/recall.ts";
const n = 400;
const made = Array.from({ length: n }, (_, s) => madeIncident(s + 1));
console.log(made.slice(0, 3).map((m) => [m.incident.series.length, m.incident.dependencies?.length, m.incident.symptom?.metric]));
const ev = (name: string, f: (i: (typeof made)[0]["incident"]) => { node: string; score: number }[]) => {
  const r = [1, 3].map((k) => [undefined, "latency", "availability"].map((kind) => { const m = made.filter((x) => kind === undefined || x.incident.symptom?.metric === kind); return (m.reduce((a, m) => a + recallAt(f(m.incident), m.cause, k), 0) / m.length).toFixed(3); }).join("/"));
  console.log(name.padEnd(40), r.join("   "));
};
ev("nsigma", nSigma); ev("traversal", traversal);
const base: RankParams = {};
ev("ours", (i) => rankRootCauses(i, base));
for (const [k, v] of Object.entries({ smooth: [false], duration: [false], anchor: [false], tail: [false], least: [3, 4, 8], otherMetrics: [0, 0.25, 1], load: [0, 0.1, 0.5], discount: [0, 0.25, 0.75, 1], coverage: [0, 0.5, 2, 4], aside: [0.05, 0.5, 1], late: [0.25, 1] })) for (const x of v) ev(`${k}=${x}`, (i) => rankRootCauses(i, { ...base, [k]: x }));
