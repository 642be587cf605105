/** The shop is slow. Who is at fault, and what speaks for and against it? */
import { createRandom, rankRootCauses } from "@kintsugi/anomaly";

const random = createRandom(5);
const latency = (node: string, usual: number, now: number) => ({
  node,
  metric: "latency",
  before: Float64Array.from({ length: 200 }, () => usual + random.normal()),
  during: Float64Array.of(usual, now, now, now),
});

const ranking = rankRootCauses({
  times: Float64Array.of(0, 60, 120, 180),
  series: [latency("shop", 50, 90), latency("cart", 30, 65), latency("db", 10, 40), latency("mail", 20, 20)],
  dependencies: [
    { from: "shop", to: "cart" },
    { from: "cart", to: "db" },
    { from: "shop", to: "mail" },
  ],
  symptom: { node: "shop", metric: "latency", at: 60 },
  changes: [{ node: "db", at: 0, what: "rollout of db" }],
});

for (const { node, score, for: speaksFor, against } of ranking) {
  const reasons = speaksFor.map((each) => {
    if (each.kind === "deviates") return `${each.metric} ${each.deviation.toFixed(0)} deviations since ${each.since} s`;
    return each.kind === "explains" ? `explains ${each.nodes.join(" and ")}` : each.change.what;
  });
  const doubts = against.map((each) => (each.kind === "explained" ? `explained by ${each.by.join(", ")}` : each.kind));
  console.log(`${node} ${score.toFixed(1)}: ${reasons.join(", ")}${doubts.length > 0 ? `; but ${doubts.join(", ")}` : ""}`);
}

// prints:
// db 28.8: latency 34 deviations since 60 s, explains cart and shop, rollout of db
// cart 4.1: latency 43 deviations since 60 s, explains shop; but explained by db
// shop 2.9: latency 46 deviations since 60 s; but explained by cart
