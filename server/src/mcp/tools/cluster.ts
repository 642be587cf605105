/** The cluster as it is: health, pods, what looks wrong, what hangs together, what can be asked about it. */
import { z } from "zod";
import { segment } from "../backend.ts";
import { READS, type Tool, tool } from "../tool.ts";
import { counted, cursor, fields, iso, kind, limitUpTo, missed, namespace, objectName, Page, picked, Row, rows, selector } from "./arguments.ts";

const Overview = z.looseObject({
  now: z.number(),
  status: z.enum(["healthy", "degraded", "unhealthy"]),
  message: z.string(),
  nodes: z.looseObject({ total: z.number().nullable(), ready: z.number().nullable(), notReady: z.number().nullable(), reason: z.string().optional() }),
  pods: Row,
  incidents: z.looseObject({ live: z.number() }),
  unseen: rows,
});
const PodRow = z.looseObject({ phase: z.string(), createdAt: z.number(), labels: Row.optional() });
const Topology = z.looseObject({ nodes: rows, edges: rows, truncated: z.boolean() });

const SIGNALS = ["object", "events", "logs", "findings", "metrics", "cpu-throttling"] as const;

export const CLUSTER: readonly Tool[] = [
  tool({
    name: "get-cluster-health",
    description: "Is the cluster well: nodes, pods, incidents that are alive; null where something cannot be seen",
    hints: READS,
    input: z.strictObject({ include_details: z.boolean().default(true) }),
    output: z.looseObject({ status: z.enum(["healthy", "degraded", "unhealthy"]), message: z.string(), nodes: Row, pods: Row }),
    run: async (args, { backend }) => {
      const { status, message, nodes, pods, incidents, unseen } = Overview.parse(await backend.get("/api/v2/cluster"));
      const { notReady, ...rest } = nodes;
      return {
        data: { status, message, nodes: { ...rest, not_ready: notReady }, pods, ...(args.include_details ? { details: { incidents, unseen } } : {}) },
        says: `The cluster is ${status}; ${counted(incidents.live, "incident")} alive.`,
      };
    },
  }),
  tool({
    name: "list-pods",
    description: "Pods with their status, restarts and containers",
    hints: READS,
    input: z.strictObject({
      namespace: namespace.optional(),
      label_selector: selector.optional(),
      field_selector: selector.optional(),
      limit: limitUpTo(200, 100),
      cursor: cursor.optional(),
      fields: fields.optional(),
    }),
    output: z.looseObject({ pods: rows, count: z.int(), summary: Row, next_cursor: z.string().optional() }),
    run: async (args, { backend }) => {
      const query = { namespace: args.namespace, labelSelector: args.label_selector, fieldSelector: args.field_selector };
      const page = Page.extend({ items: z.array(PodRow), now: z.number(), unseen: z.string().optional() }).parse(
        await backend.get("/api/v2/pods", { ...query, limit: args.limit, cursor: args.cursor }),
      );
      const pods = page.items.map(({ createdAt, ...pod }) => ({
        ...pod,
        created_at: iso(createdAt),
        age_seconds: Math.max(0, Math.round((page.now - createdAt) / 1_000)),
      }));
      const summary = Object.fromEntries([...Map.groupBy(pods, ({ phase }) => phase)].map(([phase, of]) => [phase, of.length]));
      return {
        data: {
          pods: pods.map((pod) => picked(pod, args.fields)),
          count: pods.length,
          summary,
          ...(page.unseen === undefined ? {} : { unseen: page.unseen }),
          ...nextOf(page),
        },
        says: `${counted(pods.length, "pod")}${page.next === undefined ? "" : "; there are more: call again with next_cursor as cursor"}.${missed(pods, args.fields)}`,
      };
    },
  }),
  tool({
    name: "list-anomalies",
    description: "What looks wrong now, finding by finding, with the incident of each. Needs no metrics",
    hints: READS,
    input: z.strictObject({
      namespace: namespace.optional(),
      kind: kind.optional(),
      detector: z
        .string()
        .regex(/^[a-z0-9-]{1,60}$/)
        .optional(),
      limit: limitUpTo(200, 50),
      cursor: cursor.optional(),
    }),
    output: z.looseObject({ findings: rows, next_cursor: z.string().optional() }),
    run: async (args, { backend }) => {
      const page = Page.parse(await backend.get("/api/v2/findings", args));
      return { data: { findings: page.items, ...nextOf(page) }, says: `${counted(page.items.length, "finding")}.` };
    },
  }),
  tool({
    name: "get-topology",
    description: "What hangs together: owners, Services, nodes, volumes, callers, and what explains what; from one object or a namespace",
    hints: READS,
    input: z.strictObject({ namespace: namespace.optional(), kind: kind.optional(), name: objectName.optional(), depth: z.int().min(1).max(6).default(2) }),
    output: z.looseObject({ nodes: rows, edges: rows, truncated: z.boolean() }),
    run: async (args, { backend }) => {
      const found = Topology.parse(await backend.get("/api/v2/topology", args));
      return {
        data: found,
        says: `${counted(found.nodes.length, "object")}, ${counted(found.edges.length, "edge")}${found.truncated ? "; there is more" : ""}.`,
      };
    },
  }),
  tool({
    name: "query-signal",
    description: "One signal: object, events, logs, findings; metrics and cpu-throttling where a source is configured. Without `signal`: what can be asked",
    hints: READS,
    input: z.strictObject({
      signal: z.enum(SIGNALS).optional(),
      namespace: namespace.optional(),
      kind: kind.optional(),
      name: objectName.optional(),
      container: objectName.optional(),
      previous: z.boolean().optional(),
      limit: z.int().min(1).max(200).optional(),
    }),
    output: Row,
    run: async ({ signal, ...query }, { backend }) => {
      if (signal === undefined) return { data: Row.parse(await backend.get("/api/v2/signals")), says: "What can be asked here, and what not and why." };
      return { data: Row.parse(await backend.get(`/api/v2/signals/${segment(signal)}`, query)), says: `Signal ${signal}.` };
    },
  }),
];

export function nextOf({ next }: { readonly next?: string | undefined }): { readonly next_cursor?: string } {
  return next === undefined ? {} : { next_cursor: next };
}
