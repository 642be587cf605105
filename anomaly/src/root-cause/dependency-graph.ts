/** Who depends on whom, by numbers: two compressed lists of edges. */
import type { Dependency } from "./incident.ts";

export interface DependencyGraph {
  /** Sorted, so that the order in which anything was given makes no difference. */
  readonly names: readonly string[];
  indexOf(name: string): number | undefined;
  /** Nodes that `node` depends on, without itself, each once. */
  callees(node: number): Uint32Array;
  /** Nodes that depend on `node`, without itself, each once. */
  callers(node: number): Uint32Array;
}

/** `nodes`: also those without an edge. */
export function dependencyGraph(nodes: Iterable<string>, dependencies: readonly Dependency[]): DependencyGraph {
  const all = new Set(nodes);
  for (const { from, to } of dependencies) all.add(from).add(to);
  const names = [...all].sort();
  const numbers = new Map(names.map((name, index) => [name, index]));
  const edges = dependencies.flatMap(({ from, to }) => (from === to ? [] : [[numbers.get(from) as number, numbers.get(to) as number] as const]));
  return {
    names,
    indexOf: (name) => numbers.get(name),
    callees: listsOf(names.length, edges),
    callers: listsOf(
      names.length,
      edges.map(([from, to]) => [to, from]),
    ),
  };
}

function listsOf(count: number, edges: readonly (readonly [number, number])[]): (node: number) => Uint32Array {
  const sorted = edges.toSorted(([a, b], [c, d]) => a - c || b - d).filter(([a, b], index, all) => a !== all[index - 1]?.[0] || b !== all[index - 1]?.[1]);
  const targets = Uint32Array.from(sorted, ([, to]) => to);
  const starts = new Uint32Array(count + 1);
  for (const [from] of sorted) starts[from + 1] = (starts[from + 1] as number) + 1;
  for (let node = 0; node < count; node++) starts[node + 1] = (starts[node + 1] as number) + (starts[node] as number);
  return (node) => targets.subarray(starts[node], starts[node + 1]);
}

/** Walks over a graph of `count` nodes, one after the other, with one set of marks. */
export function createWalk(count: number): (start: number, next: (node: number) => Uint32Array, through: (node: number) => boolean) => readonly number[] {
  const marks = new Uint32Array(count);
  let mark = 0;
  /** All nodes found from `start`, itself first, nearest first, going on only through those that `through` allows. */
  return (start, next, through) => {
    mark++;
    marks[start] = mark;
    const found = [start];
    for (let head = 0; head < found.length; head++) {
      const node = found[head] as number;
      if (head > 0 && !through(node)) continue;
      for (const other of next(node)) {
        if (marks[other] === mark) continue;
        marks[other] = mark;
        found.push(other);
      }
    }
    return found;
  };
}
