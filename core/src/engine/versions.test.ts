import { describe, expect, test } from "vitest";
import type { Record } from "../model/record.ts";
import { broken, brokenCart, CART, wellCart } from "../testing/cart-story.ts";
import { ACT, EngineBench } from "../testing/engine-bench.ts";
import { node } from "../testing/more-objects.ts";

const server = (bench: EngineBench, version: string) => bench.step({ type: "observed", observations: [{ type: "version", version }] });
const kubelet = (name: string, kubeletVersion: string) => node(name, { status: { kubeletVersion } });

function whyHeld(bench: EngineBench): string {
  const incident = bench.incident(CART);
  return incident.phase === "held" ? incident.why : `it is ${incident.phase}`;
}

function ledgerOf(bench: EngineBench): readonly Record[] {
  return bench.records().map(({ body, actor }, i) => ({
    ...{ seq: i + 1, at: bench.now, cluster: "test", actor, policyHash: "", version: "", epoch: 1, previous: "", hash: "" },
    body,
  }));
}

describe("while the cluster is being upgraded nothing is done", () => {
  test.each([
    ["the API server comes back as another version", (bench: EngineBench) => server(bench, "v1.35.0")],
    ["a kubelet changes its version", (bench: EngineBench) => bench.see(kubelet("worker-1", "v1.35.0"))],
    ["a node is replaced by one of another version", (bench: EngineBench) => bench.see(kubelet("worker-2", "v1.35.0"))],
  ])("%s", (_, happens) => {
    const bench = broken();
    server(bench, "v1.34.4");
    happens(bench);
    bench.facts();
    expect(whyHeld(bench)).toContain("upgrade: the version of a kubelet or of the API server has just changed");
    bench.pass(1_900);
    bench.facts();
    expect(bench.phase(CART)).toBe("acting");
  });

  test.each([
    ["first sight of it", (bench: EngineBench) => server(bench, "v1.34.4")],
    ["the same again", (bench: EngineBench) => [server(bench, "v1.34.4"), server(bench, "v1.34.4")]],
    ["one more node of the same version", (bench: EngineBench) => bench.see(kubelet("worker-2", "v1.34.4"))],
    ["a virtual node", (bench: EngineBench) => bench.see(kubelet("virtual-1", "kwok-v0.7.0"))],
  ])("but %s is no upgrade", (_, happens) => {
    const bench = broken();
    happens(bench);
    bench.facts();
    expect(bench.phase(CART)).toBe("acting");
  });
});

describe("over a restart", () => {
  const restarted = (before: EngineBench) => {
    const bench = new EngineBench(ACT, "unsynced");
    bench.now = before.now;
    bench.step({ type: "restored", records: ledgerOf(before).filter(({ body }) => body.type === "version") });
    bench.see(...wellCart(), ...brokenCart());
    bench.live();
    bench.lead();
    bench.pass(120);
    return bench;
  };

  test("an upgrade in progress is remembered", () => {
    const before = broken();
    server(before, "v1.34.4");
    server(before, "v1.35.0");
    const bench = restarted(before);
    server(bench, "v1.35.0");
    bench.facts();
    expect(whyHeld(bench)).toContain("upgrade:");
  });

  test("one that happened meanwhile is noticed", () => {
    const before = broken();
    server(before, "v1.34.4");
    const bench = restarted(before);
    server(bench, "v1.35.0");
    bench.facts();
    expect(whyHeld(bench)).toContain("upgrade:");
  });
});

test("a roll through many nodes, or servers of two versions behind one address, is a handful of records", () => {
  const bench = broken();
  const before = bench.records().length;
  for (let i = 0; i < 60; i += 1) {
    server(bench, i % 2 === 0 ? "v1.34.4" : "v1.35.0");
    bench.see(kubelet(`worker-${i}`, "v1.34.4"), kubelet(`worker-${i}`, "v1.35.0"));
    bench.now += 30_000;
  }
  const versions = bench
    .records()
    .slice(before)
    .filter(({ body }) => body.type === "version");
  expect(versions.length).toBeLessThanOrEqual(10);
  expect(bench.state.versions.changedAt).toBe(bench.now - 30_000);
});
