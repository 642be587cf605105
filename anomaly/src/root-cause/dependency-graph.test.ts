import { expect, it } from "vitest";
import { createWalk, dependencyGraph } from "./dependency-graph.ts";

const graph = dependencyGraph(
  ["lone", "b"],
  [
    { from: "c", to: "a" },
    { from: "a", to: "b" },
    { from: "c", to: "a" },
    { from: "b", to: "b" },
    { from: "b", to: "c" },
  ],
);
const names = (nodes: Iterable<number>): string[] => Array.from(nodes, (node) => graph.names[node] ?? "");
const of = (name: string): number => graph.indexOf(name) ?? -1;

it("knows each edge once, in both directions, without loops", () => {
  expect(graph.names).toEqual(["a", "b", "c", "lone"]);
  expect(["a", "b", "c", "lone"].map((name) => names(graph.callees(of(name))))).toEqual([["b"], ["c"], ["a"], []]);
  expect(["a", "b", "c", "lone"].map((name) => names(graph.callers(of(name))))).toEqual([["c"], ["a"], ["b"], []]);
  expect(graph.indexOf("nobody")).toBeUndefined();
});

it("is walked nearest first, through a cycle once, and only through those that are let", () => {
  const walk = createWalk(4);
  expect(names(walk(of("a"), graph.callees, () => true))).toEqual(["a", "b", "c"]);
  expect(names(walk(of("a"), graph.callees, () => false))).toEqual(["a", "b"]);
  expect(names(walk(of("lone"), graph.callers, () => true))).toEqual(["lone"]);
});
