import pc from "picocolors";
import { describe, expect, it } from "vitest";
import { awaiting, incident, PLAN, resolved, T0 } from "../adapters/testing/records.ts";
import { type DemoScreen, demoLines, type Paper, storyLines } from "./view.ts";

const paper: Paper = { columns: 100, rows: 40, colours: pc.createColors(false) };
const quiet: DemoScreen = {
  now: T0 + 120_000,
  speed: 10,
  nodes: { ready: 12, total: 13 },
  apps: [
    { name: "shop/cart", ready: 3, wanted: 3 },
    { name: "shop/frontend", ready: 1, wanted: 4 },
  ],
  faults: [],
  nextFaultAt: T0 + 180_000,
  incidents: [],
  footer: ["API http://127.0.0.1:8080"],
};
const text = (screen: DemoScreen, on: Paper = paper): string => demoLines(screen, on).join("\n");

describe("the screen", () => {
  it("says how fast its clock runs and how the cluster is", () => {
    const [first] = demoLines(quiet, paper);
    expect(first).toBe("Kintsugi demo   10:02:00, 10x real time   12/13 nodes ready   1/2 apps well");
  });

  it("shows each application's ready pods", () => {
    expect(text(quiet)).toContain("shop/cart ●●●");
    expect(text(quiet)).toContain("shop/frontend ●○○○");
  });

  it("says when nothing is wrong, and when the next fault comes in the viewer's time", () => {
    expect(text(quiet)).toContain("nothing is wrong");
    expect(text(quiet)).toContain("0 so far; the next one in about 6s");
  });

  it("shows the newest faults and which are mended", () => {
    const faults = ["a", "b", "c", "d"].map((title, i) => ({ title, subject: "Deployment shop/cart", at: T0 + i * 1_000, isOver: i === 3 }));
    const shown = text({ ...quiet, faults });
    expect(shown).toContain("1m57s ago  Deployment shop/cart: d mended");
    expect(shown).not.toContain(": a");
  });

  it("never grows beyond the terminal, and says what it leaves out", () => {
    const incidents = Array.from({ length: 60 }, (_, i) => incident(`inc-${i + 1}`));
    for (const rows of [10, 16, 24, 50]) {
      const lines = demoLines({ ...quiet, incidents }, { ...paper, rows });
      expect(lines.length).toBeLessThanOrEqual(rows);
    }
    expect(text({ ...quiet, incidents }, { ...paper, rows: 24 })).toMatch(/and \d+ more/);
    for (const line of demoLines({ ...quiet, incidents: [awaiting("inc-1")] }, { ...paper, columns: 40 })) expect(line.length).toBeLessThanOrEqual(40);
  });

  it("shows only what is unwell where all applications would fill the terminal", () => {
    const apps = Array.from({ length: 12 }, (_, i) => ({ name: `shop/app-${i}`, ready: i === 7 ? 1 : 3, wanted: 3 }));
    const narrow = { ...paper, columns: 40, rows: 15 };
    const lines = demoLines({ ...quiet, apps, incidents: [incident("inc-1")] }, narrow);
    expect(lines.filter((line) => line.includes("shop/app-"))).toEqual(["shop/app-7 ●○○"]);
    expect(lines.join("\n")).toContain("inc-1 open");
  });

  it("puts what is alive before what has ended", () => {
    const shown = text({ ...quiet, incidents: [resolved("inc-1", T0 + 100_000), incident("inc-2")] });
    expect(shown.indexOf("inc-2")).toBeLessThan(shown.indexOf("inc-1"));
  });
});

describe("the story of an incident", () => {
  it("tells what broke, why, what would be done and how to decide", () => {
    const evidence = [{ id: "new", favours: true, text: "revision 4 came 40 s before", refs: [] }];
    const candidates = [{ mode: "bad-rollout", evidence, pattern: "", confidence: { type: "measured", share: 0.99, cases: 210 } as const }];
    const lines = storyLines({ ...awaiting("inc-7"), diagnosis: { candidates, changes: [], at: T0 } }, T0 + 60_000, paper);
    expect(lines).toEqual([
      "  inc-7 awaiting: Deployment shop/cart, 1m ago",
      "      broke    Deployment shop/cart has no ready pod",
      "      because  bad-rollout, right in 99 % of 210 cases with this evidence: revision 4 came 40 s bef…",
      "      would do Roll shop/cart back to revision 3",
      "      asks     approve it with: kintsugi approve inc-7",
    ]);
  });

  it("tells what was done and that it helped", () => {
    const attempt = { id: "inc-1/1", plan: PLAN, startedAt: T0, approvedBy: "ada", outcome: "helped", detail: "" } as const;
    const lines = storyLines({ ...resolved("inc-1", T0), attempts: [attempt] }, T0 + 60_000, paper);
    expect(lines).toContain("      done     Roll shop/cart back to revision 3, approved by ada");
    expect(lines).toContain("      helped   all pods are ready");
  });
});
