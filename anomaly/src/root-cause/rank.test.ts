import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "../random.ts";
import type { Change, Dependency, Incident, MetricSeries } from "./incident.ts";
import { type Candidate, rankRootCauses } from "./rank.ts";

const times = Float64Array.of(0, 300, 600, 900, 1_200);
const minute = 60;

/** Latency of nodes, in deviations of normal; the trouble begins with the third sample. */
function incident(levels: Record<string, number>, edges: readonly string[] = [], rest: Partial<Incident> = {}): Incident {
  const series = Object.entries(levels).map(([node, level], seed): MetricSeries => {
    const random = createRandom(seed);
    return {
      node,
      metric: "latency",
      before: Float64Array.from({ length: 200 }, () => random.normal()),
      during: times.map((_, index) => (index < 2 ? 0 : level)),
    };
  });
  return { times, series, dependencies: edges.map(edge), symptom: { node: Object.keys(levels)[0] ?? "", metric: "latency", at: 600 }, ...rest };
}
function edge(text: string): Dependency {
  const [from = "", to = ""] = text.split(">");
  return { from, to };
}
const names = (ranking: readonly Candidate[]): string[] => ranking.map(({ node }) => node);
const of = (ranking: readonly Candidate[], node: string): Candidate => ranking.find((each) => each.node === node) as Candidate;

describe("the ranking of causes", () => {
  it("blames the database for all that wait for it, however slow they are", () => {
    const ranking = rankRootCauses(incident({ shop: 60, cart: 50, db: 40, mail: 0 }, ["shop>cart", "cart>db", "shop>mail"]));
    expect(names(ranking)[0]).toBe("db");
    expect(names(ranking)).not.toContain("mail");
    expect(of(ranking, "db").for).toMatchObject([
      { kind: "deviates", metric: "latency", since: 600, lasting: 1 },
      { kind: "explains", nodes: ["cart", "shop"], share: 1 },
    ]);
    expect(of(ranking, "cart").against).toMatchObject([{ kind: "explained", by: ["db"] }]);
  });
  it("looks through what nobody measures", () => {
    const ranking = rankRootCauses(incident({ shop: 60, db: 40 }, ["shop>proxy", "proxy>db"]));
    expect(names(ranking)).toEqual(["db", "shop"]);
    expect(of(ranking, "shop").against).toMatchObject([{ kind: "explained", by: ["db"] }]);
  });
  it("prefers whom the symptom depends on, and says who is aside", () => {
    const ranking = rankRootCauses(incident({ shop: 20, cart: 30, batch: 30, far: 30 }, ["shop>cart", "shop>calm", "calm>far"]));
    expect(names(ranking)[0]).toBe("cart");
    expect(of(ranking, "batch").against).toMatchObject([{ kind: "aside", reason: "no dependency" }]);
  });
  it("says where no chain of anomalies leads from the symptom", () => {
    const ranking = rankRootCauses(incident({ shop: 20, calm: 0, far: 30 }, ["shop>calm", "calm>far"]));
    expect(of(ranking, "far").against).toMatchObject([{ kind: "aside", reason: "no chain of anomalies" }]);
  });
  it("counts a recent change for its node, less the older it is, and not at all when it came afterwards", () => {
    const both = { shop: 20, a: 30, b: 30 };
    const edges = ["shop>a", "shop>b"];
    const change = (at: number): Change => ({ node: "b", at, what: "rollout of b" });
    const score = (changes: readonly Change[]): number => of(rankRootCauses(incident(both, edges, { changes })), "b").score;
    expect(names(rankRootCauses(incident(both, edges, { changes: [change(600 - 5 * minute)] })))[0]).toBe("b");
    expect(of(rankRootCauses(incident(both, edges, { changes: [change(0)] })), "b").for.at(-1)).toMatchObject({ kind: "changed", change: change(0) });
    expect(score([change(600 - 5 * minute)])).toBeGreaterThan(score([change(600 - 60 * minute)]));
    expect(score([change(600 - 60 * minute)])).toBeGreaterThan(score([]));
    expect(score([change(1_200)])).toBe(score([]));
    expect(score([change(600 - 1_800)]) / score([])).toBeCloseTo(1.5, 9);
  });
  it("holds a late onset against a node", () => {
    const late = incident({ shop: 20, a: 30, b: 30 }, ["shop>a", "shop>b"]);
    const series = late.series.map((each) => (each.node === "b" ? { ...each, during: times.map((_, index) => (index < 4 ? 0 : 30)) } : each));
    const ranking = rankRootCauses({ ...late, series, symptom: { node: "shop", metric: "latency", at: 300 } }, { smooth: false });
    expect(of(ranking, "b").against).toMatchObject([{ kind: "late", since: 1_200, symptomSince: 600 }]);
  });
  it("says which metrics are as always", () => {
    const one = incident({ shop: 20 });
    const calm = { ...(one.series[0] as MetricSeries), metric: "errors", during: new Float64Array(5) };
    expect(rankRootCauses({ ...one, series: [...one.series, calm] })[0]?.against).toEqual([{ kind: "normal", metrics: ["errors"] }]);
  });
});

describe("where little is known, the ranking", () => {
  it("is empty where nothing deviates, and of nothing", () => {
    expect(rankRootCauses(incident({ shop: 0, db: 0 }, ["shop>db"]))).toEqual([]);
    expect(rankRootCauses({ times: Float64Array.of(0), series: [] })).toEqual([]);
  });
  it("without a graph goes by strength", () => {
    const { symptom: _, ...unnamed } = incident({ shop: 10, db: 40, cart: 20 });
    expect(names(rankRootCauses(unnamed))).toEqual(["db", "cart", "shop"]);
  });
  it("ends in a cycle, whose members explain each other", () => {
    const ranking = rankRootCauses(incident({ a: 30, b: 30 }, ["a>b", "b>a", "a>a"]));
    expect(ranking.map(({ against }) => against.map(({ kind }) => kind))).toEqual([["explained"], ["explained"]]);
  });
  it("names the symptom's node where no dependency is to blame", () =>
    expect(names(rankRootCauses(incident({ shop: 30, db: 0 }, ["shop>db"])))).toEqual(["shop"]));
  it("works with one sample, and with gaps", () => {
    const one = incident({ shop: 30 });
    const [shop] = one.series as readonly [MetricSeries];
    expect(names(rankRootCauses({ times: Float64Array.of(0), series: [{ ...shop, during: Float64Array.of(30) }] }))).toEqual(["shop"]);
    expect(names(rankRootCauses({ ...one, series: [{ ...shop, during: shop.during.map((value, index) => (index === 3 ? Number.NaN : value)) }] }))).toEqual([
      "shop",
    ]);
  });
  it("refuses what cannot be meant", () => expect(() => rankRootCauses(incident({ shop: 1 }, [], { symptom: { node: "nobody" } }))).toThrow('node "nobody"'));
});

describe("whatever the incident, the ranking", () => {
  const some = fc
    .tuple(fc.array(fc.constantFrom(0, 0, 4, 15, 40), { minLength: 2, maxLength: 8 }), fc.array(fc.tuple(fc.nat(7), fc.nat(7)), { maxLength: 14 }))
    .map(([levels, edges]) =>
      incident(
        Object.fromEntries(levels.map((level, index) => [`n${index}`, level])),
        edges.filter(([a, b]) => a < levels.length && b < levels.length).map(([a, b]) => `n${a}>n${b}`),
      ),
    );
  it("does not depend on the order in which nodes and edges are given", () => {
    fc.assert(
      fc.property(some, fc.integer(), (given, seed) => {
        const random = createRandom(seed);
        const shuffled = <T>(all: readonly T[]): T[] =>
          all
            .map((each) => [random.next(), each] as const)
            .sort(([a], [b]) => a - b)
            .map(([, each]) => each);
        expect(rankRootCauses({ ...given, series: shuffled(given.series), dependencies: shuffled(given.dependencies ?? []) })).toEqual(rankRootCauses(given));
      }),
    );
  });
  it("does not change by a healthy node beside, nor by one that nobody measures and that leads nowhere", () => {
    fc.assert(
      fc.property(some, fc.nat(7), (given, at) => {
        const healthy = incident({ zz: 0 }).series;
        const edges = [
          ...(given.dependencies ?? []),
          { from: `n${at % given.series.length}`, to: "zz" },
          { from: `n${at % given.series.length}`, to: "nowhere" },
        ];
        expect(rankRootCauses({ ...given, series: [...given.series, ...healthy], dependencies: edges })).toEqual(rankRootCauses(given));
      }),
    );
  });
  it("does not depend on the unit and zero of any one metric", () => {
    fc.assert(
      fc.property(
        some,
        fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -99, max: 99 })), { minLength: 8, maxLength: 8 }),
        (given, units) => {
          const whole = given.series.map((each) => ({
            ...each,
            before: each.before.map((value) => Math.round(value * 1_000)),
            during: each.during.map((value) => Math.round(value * 1_000)),
          }));
          const moved = whole.map((each, index) => {
            const [exponent, offset] = units[index] ?? [0, 0];
            const move = (value: number): number => (value + offset) * 2 ** exponent;
            return { ...each, before: each.before.map(move), during: each.during.map(move) };
          });
          const scores = (series: readonly MetricSeries[]) => rankRootCauses({ ...given, series }).map(({ node, score }) => [node, score]);
          expect(scores(moved)).toEqual(scores(whole));
        },
      ),
    );
  });
  it("does not depend on what the nodes are called, but for the order of equal ones", () => {
    fc.assert(
      fc.property(some, (given) => {
        const other = (name: string): string => `x${9 - Number(name.slice(1))}`;
        const renamed: Incident = {
          ...given,
          series: given.series.map((each) => ({ ...each, node: other(each.node) })),
          dependencies: (given.dependencies ?? []).map(({ from, to }) => ({ from: other(from), to: other(to) })),
          symptom: { node: other("n0"), metric: "latency", at: 600 },
        };
        const scores = (ranking: readonly Candidate[], name: (node: string) => string) =>
          new Map(ranking.map(({ node, score }) => [name(node), score.toPrecision(12)]));
        expect(scores(rankRootCauses(renamed), (node) => node)).toEqual(scores(rankRootCauses(given), other));
      }),
    );
  });
  it("has finite scores above zero, best first", () => {
    fc.assert(
      fc.property(some, (given) => {
        const scores = rankRootCauses(given).map(({ score }) => score);
        expect(scores.every((score) => Number.isFinite(score) && score > 0)).toBe(true);
        expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      }),
    );
  });
});
