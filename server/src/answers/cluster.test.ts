import { createView, type Incident, type Node } from "@kintsugi/core";
import { node } from "@kintsugi/core/testing/more-objects";
import { condition, pod } from "@kintsugi/core/testing/objects";
import { describe, expect, it } from "vitest";
import { incident, resolved, T0 } from "../adapters/testing/records.ts";
import { seen } from "../http/testing/filled-view.ts";
import { RecordedEngine } from "../http/testing/recorded-engine.ts";
import { clusterOverview } from "./cluster.ts";

const status = { ...new RecordedEngine().state, watches: [] };
const broken = (name: string): Node => node(name, { status: { conditions: [condition("Ready", "Unknown")] } });

function overview(nodes: readonly Node[], incidents: readonly Incident[] = [], over: Partial<typeof status> = {}) {
  const view = createView();
  view.apply(seen([...nodes, pod("a"), pod("b", { phase: "Pending" }), pod("c", { phase: "Odd" })]));
  return clusterOverview(view, incidents, { ...status, ...over });
}
const of = (severity: Incident["severity"]): Incident => ({ ...incident("inc-1"), severity });

describe("the status of a cluster", () => {
  it.each([
    ["healthy", "all is well", [node("n1")], [], {}],
    ["healthy", "what is wrong is of no weight, or over", [node("n1")], [of("low"), { ...resolved("inc-2", T0), severity: "critical" }], {}],
    ["degraded", "an incident above low is alive", [node("n1")], [of("medium")], {}],
    ["degraded", "one node of three is not ready", [broken("n1"), node("n2"), node("n3")], [], {}],
    ["degraded", "nothing can be recorded", [node("n1")], [], { storeTrouble: "the disk is full" }],
    ["unhealthy", "half of the nodes are not ready", [broken("n1"), node("n2")], [], {}],
    ["unhealthy", "a critical incident is alive", [node("n1")], [of("critical")], {}],
  ] as const)("is %s when %s", (expected, _, nodes, incidents, over) => {
    const { status: is, message } = overview(nodes, incidents, over);
    expect(is).toBe(expected);
    expect(message).not.toBe("");
  });

  it("says how many incidents make it so", () => {
    expect(overview([node("n1")], [of("medium")]).message).toBe("1 incident above severity low alive");
    expect(overview([node("n1")], [of("critical"), of("high"), of("medium")]).message).toBe(
      "1 critical incident alive; 2 other incidents above severity low alive",
    );
  });

  it("is never healthy when nodes or pods are not seen, whatever was seen of them before", () => {
    for (const kind of ["Node", "Pod"] as const) {
      const view = createView();
      view.apply(seen([node("n1"), pod("a")], { [kind]: "stale" }));
      const told = clusterOverview(view, [], status);
      expect(told.status, kind).toBe("degraded");
      expect(told[kind === "Node" ? "nodes" : "pods"], kind).toMatchObject({ total: null, reason: expect.stringContaining("stale") });
    }
  });
});

it("counts pods by phase, and what is no phase as unknown", () => {
  expect(overview([node("n1")]).pods).toEqual({ total: 3, running: 1, pending: 1, failed: 0, succeeded: 0, unknown: 1 });
});
