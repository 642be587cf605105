/**
 * What hangs together: owners and what they own, Services and the pods that they select, pods and their nodes and claims, who calls whom, and what
 * explains what.
 *
 * Every edge is known by its one end (a pod knows its owner, node and claims), so edges are looked up only for what is shown: the answer costs what
 * it shows, and one pass over workloads where callers are asked for.
 */
import { type ClusterObject, type Incident, type Kind, type Ref, refKey, refOf, type View } from "@kintsugi/core";
import { z } from "zod";
import type { EngineStatus, Explained } from "../engine-facade.ts";
import { unseen } from "./cluster.ts";
import { EDGES, type Edge } from "./edges.ts";
import { Links } from "./links.ts";
import { stateText } from "./object-state.ts";

export const Topology = z
  .object({
    nodes: z.array(
      z.object({
        id: z.string().describe("Kind/namespace/name"),
        kind: z.string(),
        namespace: z.string(),
        name: z.string(),
        state: z.string().describe("in a few words, for example `2/3 ready`"),
        incident: z.string().optional().describe("the incident that is alive for it"),
      }),
    ),
    edges: z.array(z.object({ from: z.string(), to: z.string(), type: z.enum(EDGES), why: z.string().optional() })),
    truncated: z.boolean().describe("there is more than is shown: ask about less, or deeper from one object"),
    unseen: z.array(z.string()).describe("what cannot be seen, so that its absence says nothing"),
  })
  .meta({ id: "Topology" });
export type Topology = z.infer<typeof Topology>;

/** In the order in which they are shown where not all fit. */
export const TOPOLOGY_KINDS = [
  "Node",
  "Deployment",
  "StatefulSet",
  "DaemonSet",
  "CronJob",
  "Service",
  "PersistentVolumeClaim",
  "Job",
  "ReplicaSet",
  "Pod",
] as const satisfies readonly Kind[];

export interface TopologyWanted {
  /** Begin with one object, or with all of a namespace; with neither the whole cluster. */
  readonly from?: Ref;
  readonly namespace?: string;
  /** How many edges away from there. */
  readonly depth: number;
  readonly maxNodes: number;
  /** Namespaces that may be shown; `""` for what has none. */
  readonly isVisible: (namespace: string) => boolean;
}

interface Given {
  readonly view: View;
  readonly explained: readonly Explained[];
  readonly incidents: readonly Incident[];
  readonly status: Pick<EngineStatus, "watches">;
}

export function topology({ view, explained, incidents, status }: Given, wanted: TopologyWanted): Topology {
  const links = new Links(view, explained);
  const { found, truncated } = explore(view, links, wanted);
  const alive = new Map(incidents.filter(({ phase }) => phase !== "resolved").map(({ id, subject }) => [refKey(subject), id]));
  const edges = [...found.values()].flatMap((object) => links.edgesOf(object)).filter(({ from, to }) => found.has(from) && found.has(to));
  return {
    nodes: [...found].map(([id, object]) => {
      const { kind, namespace, name } = refOf(object);
      const incident = alive.get(id);
      return { id, kind, namespace, name, state: stateText(object), ...(incident === undefined ? {} : { incident }) };
    }),
    edges: [...new Map(edges.map((edge) => [edgeKey(edge), edge])).values()],
    truncated,
    unseen: TOPOLOGY_KINDS.flatMap((kind) => unseen(view, kind, status) ?? []),
  };
}

const edgeKey = ({ from, to, type }: Edge): string => `${from}|${to}|${type}`;

/** Breadth first, so that what is near is shown before what is far. */
function explore(view: View, links: Links, wanted: TopologyWanted): { readonly found: ReadonlyMap<string, ClusterObject>; readonly truncated: boolean } {
  const found = new Map<string, ClusterObject>();
  let truncated = false;
  const add = (object: ClusterObject): boolean => {
    const key = keyOf(object);
    if (found.has(key) || !wanted.isVisible(object.metadata.namespace)) return false;
    truncated ||= found.size >= wanted.maxNodes;
    if (found.size >= wanted.maxNodes) return false;
    found.set(key, object);
    return true;
  };
  let edge: ClusterObject[] = [];
  for (const object of seeds(view, wanted)) {
    if (add(object)) edge.push(object);
    if (truncated) break;
  }
  for (let depth = 0; depth < wanted.depth && edge.length > 0 && !truncated; depth += 1) {
    const next: ClusterObject[] = [];
    for (const object of edge) {
      // A node that was only reached leads to every pod on it, which have nothing else in common.
      const isStart = depth === 0 && wanted.from !== undefined;
      for (const near of links.neighbours(object, { podsOfNode: isStart })) if (add(near)) next.push(near);
      if (truncated) break;
    }
    edge = next;
  }
  return { found, truncated };
}

function* seeds(view: View, { from, namespace }: TopologyWanted): Iterable<ClusterObject> {
  if (from !== undefined) {
    const object = view.find(from);
    if (object !== undefined) yield object;
    return;
  }
  for (const kind of TOPOLOGY_KINDS) {
    for (const object of namespace === undefined ? view.all(kind) : view.inNamespace(kind, namespace)) if (!isLeftOver(object)) yield object;
  }
}

/** A revision that runs nothing. */
function isLeftOver(object: ClusterObject): boolean {
  return object.kind === "ReplicaSet" && object.spec.replicas === 0 && object.status.replicas === 0;
}

function keyOf(object: ClusterObject): string {
  return refKey(refOf(object));
}
