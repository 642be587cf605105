/** The tables of the made servers: what was tuned on them, and what a vector costs. */
import { matrix } from "../../src/matrix.ts";
import { fitPca } from "../../src/multivariate/pca.ts";
import { createRandom } from "../../src/random.ts";
import type { Row, Table } from "../report.ts";
import { randomScores } from "../scoring/baselines.ts";
import { vusPr } from "../scoring/vus.ts";
import { afterHistory, afterPrefix } from "./protocols.ts";
import { syntheticMachine } from "./synthetic.ts";
import { DEFAULT, VARIANTS } from "./variants.ts";

const SERVERS = 24;
const FIRST_SEED = 100;
const PREFIX = 600;
const WINDOW = 125;

export function tunedOn(say: (line: string) => void): Table {
  say(`${SERVERS} made servers`);
  const servers = Array.from({ length: SERVERS }, (_, index) => syntheticMachine(FIRST_SEED + index));
  const meanOf = (score: (server: (typeof servers)[number]) => Float64Array): number =>
    servers.reduce((sum, server) => sum + vusPr(server.labels, score(server), WINDOW), 0) / SERVERS;
  const rows = VARIANTS.map(([name, params]): Row => {
    say(name);
    const cells = [meanOf(({ history, test }) => afterHistory(history, test, params)), meanOf(({ test }) => afterPrefix(PREFIX, test, params))];
    return { name, ours: name === DEFAULT, cells };
  });
  const chance = meanOf(({ labels }) => randomScores(labels.length, 1));
  return {
    title: "Made servers (tuned on): mean VUS-PR",
    notes: [
      `${SERVERS} servers of 12 to 40 metrics, a week of history and ten days of test each; seeds ${FIRST_SEED} to ${FIRST_SEED + SERVERS - 1}. The prefix is ${PREFIX} rows.`,
      "They have what servers have (load with a day, jobs, idle metrics, heavy tails, routines and changes of level that are no anomaly) and anomalies of seven kinds; no measured machine was copied.",
    ],
    columns: ["variant", "prior history", "prefix"],
    rows: [...rows, { name: "random", cells: [chance, chance] }],
  };
}

export function cost(say: (line: string) => void): Table {
  say("cost per vector");
  const rows = [5, 10, 20, 38, 100, 200].map((columns): Row => {
    const random = createRandom(columns);
    const made = (count: number) =>
      matrix(
        count,
        columns,
        Float64Array.from({ length: count * columns }, () => random.normal()),
      );
    const history = made(2000);
    const stream = made(6000);
    const began = performance.now();
    const pca = fitPca(history);
    const fitted = performance.now();
    pca.pushRows(stream);
    const once = performance.now();
    pca.pushRows(stream);
    const twice = performance.now();
    return { name: String(columns), cells: [((twice - once) / stream.rows) * 1000, fitted - began, pca.snapshot().length / 1024], ours: once < twice };
  });
  return {
    title: "PCA: cost of a vector",
    notes: ["One core. A push scores, learns and pays its share of the eigendecomposition, every 120 rows. The fit is of 2,000 rows."],
    columns: ["metrics", "push, us", "fit, ms", "state, KiB"],
    rows,
    digits: 1,
  };
}
