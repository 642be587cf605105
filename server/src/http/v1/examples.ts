/** What OpenAPI shows of each route of the contract: one incident of the demo's shop, from its report to its cure. */
import type { Example } from "../example.ts";

const AT = "2026-01-05T10:00:00.000Z";
const LATER = "2026-01-05T10:04:30.000Z";
const NO_METRICS = "no metrics source is configured: what is used, and how it grows, is not known";
const HASH = "a3".repeat(32);

const INCIDENT = {
  ...{ id: "inc-17", title: "Deployment shop/cart has no ready pod", description: "0 of 2 replicas are ready", target: "cart", namespace: "shop" },
  ...{ resource: "Deployment/cart", severity: "high", status: "active", phase: "awaiting", issue_type: "bad-rollout", created_at: AT, updated_at: AT },
  ...{ completed_at: null, affected_resources: ["Deployment/cart"], labels: {}, source: "workflow", workflow_id: "wf-17", correlated_incidents: ["tic-4"] },
  ...{ correlation_id: null, external_id: null, confidence: 0.97 },
};
const TICKET = {
  ...{ id: "tic-4", title: "Checkout is slow", description: "since noon", target: "cart", namespace: "shop", resource: "Deployment/cart" },
  ...{ severity: "high", status: "active", phase: null, issue_type: null, created_at: AT, updated_at: AT, completed_at: null },
  ...{ affected_resources: ["Deployment/shop/cart"], labels: { team: "shop" }, source: "manual", workflow_id: "wf-17", correlated_incidents: ["inc-17"] },
  ...{ correlation_id: null, external_id: "pager-7", confidence: null },
};
const DEPENDENCY = { status: "ok", message: "everything is seen, and a question was answered", latency_ms: 3.2, checked_at: AT };
const COORDINATION = {
  ...{ id: "cwf-5", incident_id: "pager-8", status: "pending" },
  layered_issue: {
    ...{ description: "cart and the node under it", affected_layers: ["application"], root_cause_layer: "application" },
    resources: [{ kind: "Deployment", namespace: "shop", name: "cart", issue: "crashes", layer: "application", incident_id: "inc-17" }],
  },
  remediation_plan: {
    steps: [
      {
        ...{ order: 1, layer: "application", description: "Deployment shop/cart: Deployment shop/cart has no ready pod" },
        ...{ incident_id: "inc-17", workflow_id: "wf-17", status: "pending" },
      },
    ],
  },
  execution_result: { status: "pending", reason: "inc-17 is awaiting", executed_steps: 0, failed_step: null, completed_at: null },
  ...{ created_at: AT, started_at: null, completed_at: null, error_message: null },
};
const INFRASTRUCTURE = {
  ...{ etcd_object_count: null, etcd_capacity_percent: null, api_server_qps: null, scheduler_queue_length: 0, control_plane_health: "healthy" },
  reason: `etcd and the API server say such things in metrics: ${NO_METRICS}`,
};
const CACHE = "there is no cache: every answer is read from the live view";
const done = (id: string, incident: object, message: string) => ({ status: "success", incident_id: id, incident, message });
const detected = (kind: string, namespace: string, name: string): Example => ({
  params: { namespace, name },
  answer: {
    success: true,
    data: {
      ...{ method: "helm", confidence: 0.9, source: "annotation:meta.helm.sh/release-name" },
      details: {
        ...{
          root: `${kind} ${namespace}/${name}`,
          owner_chain: [`${kind} ${namespace}/${name}`],
          marks: [`annotation meta.helm.sh/release-name: shop (on ${kind} ${name})`],
        },
        ...{ release: "shop", release_namespace: namespace, chart: "shop-1.4.0" },
      },
      ...{ detected_at: AT, namespace, resource_name: name, resource_kind: kind },
    },
    message: `${kind} ${namespace}/${name}: helm, by annotation:meta.helm.sh/release-name`,
  },
});

export const EXAMPLES = {
  up: { answer: { status: "ok", version: "0.1.0" } },
  health: {
    answer: {
      ...{ status: "healthy", timestamp: AT, version: "0.1.0", uptime_seconds: 3600 },
      dependencies: {
        kubernetes: { name: "kubernetes", ...DEPENDENCY },
        ml_service: { name: "ml_service", ...DEPENDENCY, message: "not configured: no model server is named", latency_ms: null },
      },
      rbac: {
        status: "ok",
        permissions_total: 57,
        permissions_ok: 57,
        permissions_failed: 0,
        critical_ok: true,
        message: "everything that is needed is allowed",
      },
      details: { cluster: "production", acting: "on", paused: null, storm: null, policy: "default (suggest)", unseen: [], ledger: "ok", loop: "turning" },
    },
  },
  trigger: {
    body: {
      ...{ incident_id: "pager-7", namespace: "shop", resource: { kind: "Deployment", name: "cart" }, dry_run: true },
      issue: { type: "pod_crash", description: "it is down", severity: "high" },
    },
    answer: {
      ...{ workflow_id: "wf-17", status: "pending", deployment_method: "manual", estimated_duration: "11m", incident_id: "inc-17", dry_run: true },
      message:
        "dry run, nothing was told to the engine; a person has to decide until 2026-01-05T11:00:00.000Z, with their own credential: kintsugi approve inc-17",
      plan: {
        ...{ action: "roll-back", summary: "Roll shop/cart back to revision 3", risk: "medium", hash: HASH },
        diff: [{ path: "/spec/template/spec/containers/0/image", before: "shop/cart:broken", after: "shop/cart:1.2" }],
      },
      plan_reason: null,
      gates: [{ gate: "approval", answer: "ask", reason: "policy says suggest: a person decides" }],
    },
  },
  workflow: {
    params: { id: "wf-17" },
    answer: {
      ...{ id: "wf-17", incident_id: "inc-17", status: "completed", deployment_method: "manual", namespace: "shop", resource_name: "cart" },
      ...{ resource_kind: "Deployment", issue_type: "bad-rollout", remediator: "roll-back", error_message: null },
      ...{ created_at: AT, started_at: AT, completed_at: LATER, duration: "4m30s" },
      steps: [
        {
          ...{ order: 1, layer: "application", description: "patch Deployment shop/cart: /spec/template", status: "completed" },
          ...{ started_at: AT, completed_at: AT, error_message: null },
        },
        {
          ...{ order: 2, layer: "application", description: "verify that Deployment shop/cart is well and stays so", status: "completed" },
          ...{ started_at: AT, completed_at: LATER, error_message: null },
        },
      ],
    },
  },
  incidents: { query: { status: "active", namespace: "shop" }, answer: { incidents: [INCIDENT, TICKET], total: 2 } },
  report: {
    body: {
      ...{ title: "Checkout is slow", description: "since noon", severity: "high", target: "cart", namespace: "shop" },
      ...{ affected_resources: ["Deployment/shop/cart"], labels: { team: "shop" }, external_id: "pager-7" },
    },
    answer: { ...done("tic-4", TICKET, "tic-4 is open, about inc-17"), created_at: AT },
  },
  incident: { params: { id: "inc-17" }, answer: INCIDENT },
  change: { params: { id: "tic-4" }, body: { severity: "low" }, answer: done("tic-4", { ...TICKET, severity: "low" }, "tic-4 is changed") },
  close: {
    params: { id: "tic-4" },
    body: { why: "it was the weather" },
    answer: done("tic-4", { ...TICKET, status: "resolved", completed_at: LATER }, "tic-4 is closed"),
  },
  correlate: { params: { id: "tic-4" }, body: { incident_id: "inc-17" }, answer: done("tic-4", TICKET, "tic-4 is about inc-17") },
  recommendations: {
    body: { timeframe: "6h", include_predictions: true, confidence_threshold: 0.7 },
    answer: {
      ...{ status: "success", timestamp: AT, timeframe: "6h", total_recommendations: 1, ml_enabled: false, predictions: null, predictions_reason: NO_METRICS },
      recommendations: [
        {
          ...{ id: "rec-17", type: "reactive", issue_type: "bad-rollout", target: "Deployment shop/cart", namespace: "shop", severity: "high" },
          ...{ confidence: 0.97, predicted_time: null, source: "pattern_detection", related_incident_id: "inc-17" },
          recommended_actions: ["Roll shop/cart back to revision 3: a person decides with kintsugi approve inc-17, or kintsugi deny inc-17 --why TEXT"],
          evidence: ["revision 4 was rolled out just before, and no pod of it has become ready"],
        },
      ],
      message: "1 recommendation; no predictions: no metrics source is configured",
    },
  },
  rightsizing: { query: { namespace: "shop", window: "30d" } },
  predict: { body: { hour: 14, day_of_week: 2, namespace: "shop", deployment: "cart", scope: "deployment" } },
  disk: { query: { node: "worker-1", mountpoint: "/var" } },
  leak: { query: { namespace: "shop" } },
  analyze: { body: { time_range: "6h", namespace: "shop", label_selector: "app=cart", threshold: 0.7 } },
  detectDeployment: detected("Deployment", "shop", "cart"),
  detectStatefulset: detected("StatefulSet", "data", "orders-db"),
  detectDaemonset: detected("DaemonSet", "observability", "log-agent"),
  cacheClear: { answer: { success: true, message: CACHE } },
  cacheStats: { answer: { success: true, data: { total_entries: 0, valid_entries: 0, expired_entries: 0, ttl_seconds: 0 }, message: CACHE } },
  coordinate: {
    body: {
      ...{ incident_id: "pager-8", description: "cart and the node under it" },
      resources: [{ kind: "Deployment", name: "cart", namespace: "shop", issue: "crashes" }],
    },
    answer: {
      ...{ workflow_id: "cwf-5", status: "pending", affected_layers: ["application"], root_cause_layer: "application", estimated_steps: 1 },
      message: "inc-17 is awaiting",
    },
  },
  coordinations: { answer: { workflows: [COORDINATION], count: 1 } },
  coordination: { params: { id: "cwf-5" }, answer: COORDINATION },
  namespaceCapacity: {
    params: { namespace: "shop" },
    query: { window: "7d" },
    answer: {
      ...{ status: "success", timestamp: AT, namespace: "shop", window: "7d" },
      quota: { cpu: 8, memory: 17179869184, pod_count_limit: 50, has_quota: true, reason: null },
      current_usage: { cpu: null, memory: null, pod_count: 12, reason: NO_METRICS },
      requested: { cpu: 2.4, memory: 3221225472, pod_count: 12 },
      available: { cpu: 5.6, memory: 13958643712, pod_slots: 38, limited_by: ["quota"] },
      ...{ trending: null, trending_reason: NO_METRICS, infrastructure_impact: null },
    },
  },
  clusterCapacity: {
    answer: {
      ...{ status: "success", timestamp: AT },
      cluster_capacity: {
        ...{ total_cpu: 48, total_memory: 206158430208, allocatable_cpu: 46.8, allocatable_memory: 193273528320, worker_count: 12, pod_slots: 1320 },
      },
      cluster_usage: { cpu: null, memory: null, reason: NO_METRICS },
      cluster_requests: { cpu: 11.7, memory: 24159191040, pod_count: 64, cpu_percent: 25, memory_percent: 12.5 },
      namespaces: [{ name: "shop", cpu_percent: null, memory_percent: null, requested_cpu_percent: 5.1, requested_memory_percent: 1.7, pod_count: 12 }],
      infrastructure: INFRASTRUCTURE,
    },
  },
} satisfies Readonly<Record<string, Example>>;
