/** What can be asked of the cluster, and what not and why. */
import { type Event, refText, timeOf } from "@kintsugi/core";
import { z } from "zod";
import { time, untrusted } from "./shapes.ts";

export const SIGNALS = ["object", "events", "logs", "findings", "metrics", "cpu-throttling"] as const;

/** Until a metrics source can be configured. */
export const NO_METRICS = "no metrics source is configured: this engine reads the API server and no Prometheus";

export const Signal = z
  .object({
    signal: z.enum(SIGNALS),
    path: z.string(),
    what: z.string(),
    available: z.boolean(),
    why: z.string().optional().describe("why it is not available, or not whole"),
  })
  .meta({ id: "Signal" });
export type Signal = z.infer<typeof Signal>;

const WHAT: Readonly<Record<(typeof SIGNALS)[number], string>> = {
  object: "one object as the engine sees it, without secrets",
  events: "Kubernetes events, newest first",
  logs: "the last lines of a container, without secrets",
  findings: "what looks wrong now",
  metrics: "time series",
  "cpu-throttling": "how much of the time containers are throttled",
};

/** `unseenEvents`: why events are not seen, if they are not. */
export function signals(unseenEvents: string | undefined): Signal[] {
  return SIGNALS.map((signal): Signal => {
    const base = { signal, path: `/api/v2/signals/${signal}`, what: WHAT[signal] };
    if (signal === "metrics" || signal === "cpu-throttling") return { ...base, available: false, why: NO_METRICS };
    return signal === "events" && unseenEvents !== undefined ? { ...base, available: false, why: unseenEvents } : { ...base, available: true };
  });
}

export const EventRow = z
  .object({
    about: z.object({ kind: z.string(), namespace: z.string(), name: z.string() }),
    type: z.string().describe("Normal or Warning"),
    reason: z.string(),
    message: untrusted("what the component says"),
    count: z.int(),
    firstAt: time.optional(),
    lastAt: time.optional(),
    source: z.string().describe("the component that said it"),
    name: z.string(),
    namespace: z.string(),
  })
  .meta({ id: "ClusterEvent" });
export type EventRow = z.infer<typeof EventRow>;

export function eventRow({ metadata, involved, type, reason, message, count, firstTimestamp, lastTimestamp, source }: Event): EventRow {
  const [firstAt, lastAt] = [timeOf(firstTimestamp), timeOf(lastTimestamp)];
  return {
    about: { kind: involved.kind, namespace: involved.namespace, name: involved.name },
    ...{ type, reason, message, count, source, name: metadata.name, namespace: metadata.namespace },
    ...(firstAt === undefined ? {} : { firstAt }),
    ...(lastAt === undefined ? {} : { lastAt }),
  };
}

/** Newest first when sorted descending. */
export function eventKey({ lastAt = 0, namespace, name }: EventRow): string {
  return `${String(lastAt).padStart(16, "0")}/${namespace}/${name}`;
}

/** Which container is meant; a text says why that cannot be told. */
export function containerOf(
  pod: { readonly spec: { readonly containers: readonly { readonly name: string }[]; readonly initContainers?: readonly { readonly name: string }[] } },
  ref: { readonly kind: string; readonly namespace: string; readonly name: string },
  wanted: string | undefined,
): { readonly name: string } | string {
  const names = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].map(({ name }) => name);
  const [only, ...others] = pod.spec.containers;
  if (wanted === undefined && only !== undefined && others.length === 0) return only;
  if (wanted !== undefined && names.includes(wanted)) return { name: wanted };
  return wanted === undefined
    ? `${refText(ref)} has several containers: name one of ${names.join(", ")}`
    : `${refText(ref)} has no container ${wanted}; there is ${names.join(", ")}`;
}
