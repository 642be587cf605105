/** Prompts about the whole cluster, or a namespace of it. */
import { completable } from "@modelcontextprotocol/server";
import { z } from "zod";
import { healthReading, historyReading } from "../readings.ts";
import { namespace, severity } from "../tools/arguments.ts";
import { firstLook, prompt } from "./prompt.ts";

const SEVERITIES = severity.options;
const someSeverity = completable(severity, (begun) => SEVERITIES.filter((one) => one.startsWith(begun ?? ""))).optional();
/** As the tools take it; what was given without is the first. */
const timeframe = (usual: string, options: readonly [string, ...string[]]) =>
  z
    .enum(options)
    .optional()
    .transform((given) => given ?? usual);
const share = z
  .string()
  .regex(/^(0(\.\d{1,3})?|1(\.0)?)$/, "is not a share: write for example 0.7")
  .optional();

export const diagnoseClusterIssues = prompt({
  name: "diagnose-cluster-issues",
  title: "Diagnose the cluster",
  description: "What is wrong in the whole cluster, the most serious first",
  arguments: () => z.object({ severity: someSeverity }),
  write: async ({ severity }, backend) => ({
    task: `Find out what is wrong in this Kubernetes cluster${severity === undefined ? "" : `, as far as it is of severity ${severity}`}, and what matters most.`,
    steps: [
      "get-cluster-health: nodes, pods, incidents, and above all what cannot be seen: of that nothing can be said.",
      `list-incidents with status active${severity === undefined ? "" : ` and severity ${severity}`}; then explain-incident for the most serious first.`,
      "get-topology where several are near one another: one node, volume, Service or change may be behind all of them.",
      "get-remediation for those that are being mended already: say so instead of proposing a second remedy.",
      "propose-remediation with dry_run for those that are not: say what would be done and which gate holds or asks.",
      "Report: what people notice, cause and confidence of each, what waits for a person and until when. Name what is held, and why.",
    ],
    data: [await firstLook("Health", () => healthReading(backend))],
  }),
});

export const checkAnomalies = prompt({
  name: "check-anomalies",
  title: "Check for anomalies",
  description: "What looks wrong or unusual, by rules now and by models where there are metrics",
  arguments: () => z.object({ namespace: namespace.optional(), timeframe: timeframe("1h", ["1h", "6h", "24h", "7d"]) }),
  write: async ({ namespace, timeframe }, backend) => ({
    task: `Check ${namespace === undefined ? "the cluster" : `namespace ${namespace}`} for what is unusual in the last ${timeframe}.`,
    steps: [
      "list-anomalies: what the detectors find now. They need no metrics.",
      `analyze-anomalies with time_range ${timeframe} for cpu_usage, memory_usage and what else matters here. PROMETHEUS_UNAVAILABLE means that no metrics are configured: say that, and go on with rules alone.`,
      "A statistical anomaly is not yet trouble. Say for each whether an incident, an event or a change explains it; query-signal events and get-audit help.",
      "For each with an incident: explain-incident.",
    ],
    data: [await firstLook("Findings", () => backend.get("/api/v2/findings", { namespace, limit: 50 }))],
  }),
});

export const optimizeDataAccess = prompt({
  name: "optimize-data-access",
  title: "Ask for little",
  description: "How to learn much about the cluster with few and small requests",
  arguments: () => z.object({}),
  write: async () => ({
    task: "Work with this server in few and small requests.",
    steps: [
      "Begin with the resource cluster://health or the tool get-cluster-health; both say what cannot be seen.",
      "Lists: set limit, and fields to what you need; go on with next_cursor (next_offset for list-incidents). Filters (namespace, severity, label_selector) cost less than reading all.",
      "Follow instead of asking again: subscribe to incident://ID or cluster://incidents where the client can, and read when it changed. Over HTTP with the protocol of 2025-11-25 there are no such notices: what was read stands for 5 to 30 seconds.",
      "Wait inside a call: propose-remediation, trigger-remediation and undo-remediation take wait_seconds and tell how far they are.",
      "explain-incident holds what get-incident, its causes, plan and gates say together: ask it first.",
      "An error says what to do next. 429 and 503 mean later; 403 means not at all.",
    ],
    data: [],
  }),
});

export const predictAndPrevent = prompt({
  name: "predict-and-prevent",
  title: "Predict and prevent",
  description: "What will break, and what would prevent it",
  arguments: () => z.object({ timeframe: timeframe("6h", ["1h", "6h", "24h"]), confidence_threshold: share }),
  write: async ({ timeframe, confidence_threshold = "0.7" }, backend) => ({
    task: `Find out what is likely to break within ${timeframe}, and what would prevent it.`,
    steps: [
      `get-remediation-recommendations with timeframe ${timeframe} and confidence_threshold ${confidence_threshold}.`,
      "calculate-pod-capacity for the cluster and for namespaces that are nearly full; analyze-scaling-impact before anybody scales.",
      "predict-disk-exhaustion, predict-resource-usage and get-rightsizing-recommendations where metrics are configured. PROMETHEUS_UNAVAILABLE and KSERVE_UNAVAILABLE mean that there is no forecast: say so; never put a number of your own in its place.",
      "get-remediation: what was needed again and again is worth a lasting change by the people who own it.",
      "Report what is measured apart from what is forecast, with the confidence of each.",
    ],
    data: [await firstLook("What was done so far", () => historyReading(backend))],
  }),
});

export const correlateIncidents = prompt({
  name: "correlate-incidents",
  title: "Correlate incidents",
  description: "Which incidents have one cause",
  arguments: () =>
    z.object({
      time_window: z
        .string()
        .regex(/^\d{1,4}(m|h|d)$/, "is not a duration: write for example 30m, 2h or 1d")
        .optional(),
      severity: someSeverity,
    }),
  write: async ({ time_window = "1h", severity }, backend) => ({
    task: `Find out which incidents of the last ${time_window}${severity === undefined ? "" : ` of severity ${severity}`} have one cause.`,
    steps: [
      "Order them by when the trouble began (since), not by when it was noticed.",
      "get-topology between them: a common owner, node, volume, Service, or a caller of one another. The engine's own edges of type explains are its opinion: check it.",
      `get-audit with since ${time_window}: what changed or was done before the first of them.`,
      "explain-incident: causes that have evidence in common, and changes that several name.",
      "Report groups, with what binds each; say which incidents stand alone and which bond is only in time. In time alone is no cause.",
    ],
    data: [await firstLook("Incidents that are alive", () => backend.get("/api/v2/incidents", { phase: "live", severity, limit: 50 }))],
  }),
});
