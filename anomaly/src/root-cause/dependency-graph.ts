/** Who depends on whom, by numbers: two compressed lists of edges. */
import type { Dependency } from "./incident.ts";

export interface DependencyGraph {
  readonly names: readonly string[];
  indexOf(name: string): number | undefined;
  /** Nodes that `node` depends on, without itself, each once. */
  callees(node: number): Uint32Array;
  /** Nodes that depend on `node`, without itself, each once. */
  callers(node: number): Uint32Array;
}

/** `nodes`: those that may have no edge. Names are sorted, so that the order in which anything is given makes no difference. */
export function dependencyGraph(nodes: Iterable<string>, dependencies: readonly Dependency[]): DependencyGraph {
  const names = [...new Set([...nodes, ...dependencies.flatMap(({ from, to }) => [from, to])])].sort();
  const numbers = new Map(names.map((name, index) => [name, index]));
  const edges = dependencies.map(({ from, to }) => [numbers.get(from) as number, numbers.get(to) as number] as const).filter(([from, to]) => from !== to);
  const downwards = listsOf(names.length, edges);
  const upwards = listsOf(
    names.length,
    edges.map(([from, to]) => [to, from]),
  );
  return { names, indexOf: (name) => numbers.get(name), callees: downwards, callers: upwards };
}

function listsOf(count: number, edges: readonly (readonly [number, number])[]): (node: number) => Uint32Array {
  const sorted = edges.toSorted(([a, b], [c, d]) => a - c || b - d).filter(([a, b], index, all) => index === 0 || a !== all[index - 1]?.[0] || b !== all[index - 1]?.[1]);
  const targets = Uint32Array.from(sorted, ([, to]) => to);
  const starts = new Uint32Array(count + 1);
  for (const [from] of sorted) starts[from + 1] = (starts[from + 1] as number) + 1;
  for (let node = 0; node < count; node++) starts[node + 1] = (starts[node + 1] as number) + (starts[node] as number);
  return (node) => targets.subarray(starts[node] as number, starts[node + 1] as number);
}

/** All nodes that a walk along `next` finds from `start`, `start` among them, going on only through those that `through` allows; nearest first. */
export function reached(count: number, start: number, next: (node: number) => Uint32Array, through: (node: number) => boolean): number[] {
  const seen = new Uint8Array(count);
  seen[start] = 1;
  const found = [start];
  for (let head = 0; head < found.length; head++) {
    const node = found[head] as number;
    if (head > 0 && !through(node)) continue;
    for (const other of next(node)) {
      if (seen[other] === 1) continue;
      seen[other] = 1;
      found.push(other);
    }
  }
  return found;
}
