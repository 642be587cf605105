/** A shop becomes slow: who is at fault? */
import { createRandom, type Incident, rankRootCauses } from "../../src/index.ts";
import type { Scene } from "../chart.ts";

const QUIET = 240;
const DURING = 40;
const BEGAN = 10;

export function rootCauseScene(): Scene {
  const random = createRandom(8);
  const noisy = (count: number, level: number, spread: number): Float64Array => Float64Array.from({ length: count }, () => level + spread * random.normal());
  const slow = (values: Float64Array, from: number, by: number): Float64Array => values.map((value, index) => value + (index >= from ? by : 0));
  const latency = (node: string, level: number, spread: number, by: number) => ({
    node,
    metric: "latency",
    before: noisy(QUIET, level, spread),
    during: slow(noisy(DURING, level, spread), BEGAN, by),
  });
  const shop = latency("shop", 120, 6, 90);
  const cart = latency("cart", 60, 4, 80);
  const db = latency("database", 20, 2, 70);
  const mail = latency("mail", 200, 20, 0);
  const batch = latency("batch", 40, 3, 35);
  const incident: Incident = {
    times: Float64Array.from({ length: DURING }, (_, index) => 15 * index),
    series: [shop, cart, db, mail, batch],
    dependencies: [
      { from: "shop", to: "cart" },
      { from: "cart", to: "database" },
      { from: "shop", to: "mail" },
      { from: "batch", to: "database" },
    ],
    symptom: { node: "shop", metric: "latency", at: 15 * BEGAN },
    changes: [{ node: "database", at: 15 * BEGAN - 120, what: "rollout of database" }],
  };
  const ranking = rankRootCauses(incident);
  return {
    name: "root-cause",
    title: "Root causes: shop calls cart and mail, cart and batch call the database",
    sample: "15 s",
    truth: [[BEGAN, DURING - 1]],
    panels: [
      { title: "latency, ms", lines: [shop, cart, db, mail, batch].map(({ node, during }) => ({ label: node, values: during })) },
      {
        title: "score: the database explains them all, and was rolled out two minutes before",
        lines: [],
        bars: ranking.map(({ node, score }) => ({ name: node, value: score })),
      },
    ],
  };
}
