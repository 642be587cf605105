/**
 * What the old tools do with the contract while a bad rollout is under way: every route once, with the names of its description, then with those of the
 * client that sent camelCase. Says of each request whether the answer was what the contract promises; it throws only where nothing answers.
 */
import type { ReferenceAnswer, ReferenceClient, ReferenceTarget } from "./reference-client.ts";

export interface Visited {
  readonly what: string;
  readonly ok: boolean;
  /** Status and the beginning of the body. */
  readonly got: string;
}

/** `broken`: the workload whose rollout is bad, and of which the engine has an incident. */
export async function referenceJourney(client: ReferenceClient, broken: ReferenceTarget): Promise<readonly Visited[]> {
  const visited: Visited[] = [];
  const visit = async (
    what: string,
    asked: Promise<ReferenceAnswer>,
    status: number,
    has: (json: ReferenceAnswer["json"]) => unknown = () => true,
  ): Promise<ReferenceAnswer> => {
    const answer = await asked;
    const ok = answer.status === status && has(answer.json) !== false && has(answer.json) !== undefined;
    visited.push({ what, ok, got: `${answer.status} ${JSON.stringify(answer.json).slice(0, 300)}` });
    return answer;
  };
  await visitHealth(client, visit);
  await visitIncidents(client, broken, visit);
  await visitRemediation(client, broken, visit);
  await visitWithoutMetrics(client, broken, visit);
  await visitDetection(client, broken, visit);
  await visitCoordination(client, broken, visit);
  await visitCapacity(client, broken, visit);
  await visitOldNames(client, broken, visit);
  return visited;
}

type Visit = (what: string, asked: Promise<ReferenceAnswer>, status: number, has?: (json: ReferenceAnswer["json"]) => unknown) => Promise<ReferenceAnswer>;

async function visitHealth(client: ReferenceClient, visit: Visit): Promise<void> {
  await visit("GET /health", client.ping(), 200, ({ status, version }) => status === "ok" && version !== "");
  await visit(
    "GET /api/v1/health",
    client.health(),
    200,
    ({ status, dependencies, rbac, uptime_seconds }) =>
      ["healthy", "degraded"].includes(status) &&
      dependencies.kubernetes.status === "ok" &&
      dependencies.ml_service.status === "ok" &&
      rbac.permissions_total > 0 &&
      uptime_seconds >= 0,
  );
}

async function visitIncidents(client: ReferenceClient, { namespace, name, kind }: ReferenceTarget, visit: Visit): Promise<void> {
  const report = {
    title: "Checkout is down",
    description: "customers see errors",
    severity: "high",
    target: `${namespace}/${name}`,
    labels: { team: "shop" },
  } as const;
  const created = await visit(
    "POST /api/v1/incidents",
    client.createIncident(report),
    201,
    ({ incident_id, incident }) => incident_id !== "" && incident.title === report.title,
  );
  const id = created.json.incident_id;
  const holds = (json: ReferenceAnswer["json"], wanted: string) => json.incidents.some((one: { id: string }) => one.id === wanted);
  await visit("GET /api/v1/incidents", client.incidents(), 200, (json) => json.total === json.incidents.length && holds(json, id));
  await visit("GET /api/v1/incidents?status=active&namespace", client.incidents({ status: "active", namespace }), 200, (json) => holds(json, id));
  await visit("GET /api/v1/incidents?status=failed", client.incidents({ status: "failed" }), 200, (json) => !holds(json, id));
  await visit("GET /api/v1/incidents?limit=1", client.incidents({ limit: "1" }), 200, (json) => json.incidents.length === 1 && json.total > 1);
  await visit("GET /api/v1/incidents of the engine", client.incidents({ namespace }), 200, ({ incidents }) =>
    incidents.some((one: { source: string; resource: string }) => one.source === "workflow" && one.resource === `${kind}/${name}`),
  );
}

async function visitRemediation(client: ReferenceClient, broken: ReferenceTarget, visit: Visit): Promise<void> {
  const triggered = (dry: boolean) => (json: ReferenceAnswer["json"]) => /^wf-\d+$/.test(json.workflow_id) && json.dry_run === dry && json.message !== "";
  await visit("POST /api/v1/remediation/trigger dry_run", client.trigger("old-1", broken, "pod_crash", true), 202, triggered(true));
  const sent = await visit("POST /api/v1/remediation/trigger", client.trigger("old-1", broken, "pod_crash"), 202, triggered(false));
  await visit(
    "GET /api/v1/workflows/{id}",
    client.workflow(sent.json.workflow_id),
    200,
    (json) =>
      json.id === sent.json.workflow_id &&
      json.resource_name === broken.name &&
      Array.isArray(json.steps) &&
      ["pending", "in_progress", "completed"].includes(json.status),
  );
  const missing = { ...broken, name: "no-such-workload" };
  await visit("POST /api/v1/remediation/trigger of nothing", client.trigger("old-1", missing, "pod_crash"), 404, ({ status }) => status === "error");
  await visit(
    "POST /api/v1/recommendations",
    client.recommendations(),
    200,
    ({ total_recommendations, ml_enabled }) => total_recommendations >= 0 && ml_enabled === false,
  );
}

async function visitWithoutMetrics(client: ReferenceClient, { namespace }: ReferenceTarget, visit: Visit): Promise<void> {
  const missing = ({ status, code }: ReferenceAnswer["json"]) => status === "error" && code === "PROMETHEUS_UNAVAILABLE";
  await visit("GET /api/v1/recommendations/rightsizing", client.rightsizing({ namespace, window: "30d" }), 503, missing);
  await visit("POST /api/v1/predict", client.predict({ hour: 14, day_of_week: 2, namespace, scope: "namespace" }), 503, missing);
  await visit("GET /api/v1/predict/disk-exhaustion", client.diskExhaustion(), 503, missing);
  await visit("GET /api/v1/predict/memory-leak", client.memoryLeak(namespace), 503, missing);
  await visit("POST /api/v1/anomalies/analyze", client.analyze({ time_range: "1h", namespace, threshold: 0.7 }), 503, missing);
  const invalid = ({ status, code }: ReferenceAnswer["json"]) => status === "error" && code === "INVALID_REQUEST";
  await visit("POST /api/v1/predict hour 24", client.predict({ hour: 24, day_of_week: 2 }), 400, invalid);
  await visit("GET /api/v1/predict/memory-leak of a query", client.memoryLeak('x",pod=~".*'), 400, invalid);
}

async function visitDetection(client: ReferenceClient, broken: ReferenceTarget, visit: Visit): Promise<void> {
  await visit(
    "GET /api/v1/detect/{kind}",
    client.detect(broken),
    200,
    ({ success, data }) => success && data.resource_name === broken.name && data.confidence > 0,
  );
  await visit("GET /api/v1/detect/{kind} of nothing", client.detect({ ...broken, name: "no-such-workload" }), 404, ({ success }) => success === false);
  await visit("POST /api/v1/detect/cache/clear", client.clearCache(), 200, ({ success }) => success);
  await visit("GET /api/v1/detect/cache/stats", client.cacheStats(), 200, ({ data }) => data.total_entries === 0);
}

async function visitCoordination(client: ReferenceClient, { kind, namespace, name }: ReferenceTarget, visit: Visit): Promise<void> {
  const resources = [{ kind, namespace, name, issue: "its pods crash" }];
  const sent = await visit(
    "POST /api/v1/coordination/trigger",
    client.coordinate({ incident_id: "old-2", description: "checkout is down", resources }),
    202,
    ({ workflow_id, root_cause_layer, estimated_steps }) => /^cwf-\d+$/.test(workflow_id) && root_cause_layer === "application" && estimated_steps === 1,
  );
  const id = sent.json.workflow_id;
  await visit("GET /api/v1/coordination/workflows", client.coordinations(), 200, ({ workflows }) => workflows.some((one: { id: string }) => one.id === id));
  await visit(
    "GET /api/v1/coordination/workflows/{id}",
    client.coordination(id),
    200,
    (json) => json.incident_id === "old-2" && json.layered_issue.resources.length === 1,
  );
}

async function visitCapacity(client: ReferenceClient, { namespace }: ReferenceTarget, visit: Visit): Promise<void> {
  await visit(
    "GET /api/v1/capacity/namespace/{ns}",
    client.namespaceCapacity(namespace, { include_trending: "true", include_infrastructure: "true", window: "7d" }),
    200,
    ({ available, trending, current_usage, infrastructure_impact }) =>
      available.pod_slots > 0 && trending === null && current_usage.cpu === null && infrastructure_impact.etcd_capacity_percent === null,
  );
  await visit(
    "GET /api/v1/capacity/cluster",
    client.clusterCapacity(),
    200,
    ({ cluster_capacity, cluster_usage }) => cluster_capacity.allocatable_cpu > 0 && cluster_usage.cpu === null,
  );
}

/** The client that sent camelCase, no target, and asked for two paths that never were. */
async function visitOldNames(client: ReferenceClient, { kind, namespace, name }: ReferenceTarget, visit: Visit): Promise<void> {
  const affectedResources = [`${kind}/${namespace}/${name}`];
  const report = { title: "Checkout is slow", description: "since noon", severity: "medium" };
  await visit(
    "POST /api/v1/incidents affectedResources, no target",
    client.post("/api/v1/incidents", { ...report, affectedResources, externalId: "old-3" }),
    201,
    ({ incident }) =>
      incident.target === affectedResources[0] &&
      incident.external_id === "old-3" &&
      incident.affected_resources.length === 1 &&
      incident.correlated_incidents.length === 1,
  );
  await visit("POST /api/v1/incidents about nothing", client.post("/api/v1/incidents", report), 400, ({ error }) => error.includes("affected_resources"));
  const asked = { timeRange: "24h", modelName: "anomaly-detector", labelSelector: "app=cart", namespace };
  await visit("POST /api/v1/anomalies/analyze timeRange", client.analyze(asked), 503, ({ code }) => code === "PROMETHEUS_UNAVAILABLE");
  await visit("POST /api/v1/anomalies/analyze timeRange of nothing", client.analyze({ ...asked, timeRange: "8d" }), 400, ({ error }) =>
    error.includes("time_range"),
  );
  await visit("GET /api/v1/capacity/trends", client.get("/api/v1/capacity/trends"), 404, ({ error }) => error.includes("/api/v1/capacity/namespace/"));
  await visit("GET /api/v1/cluster/status", client.get("/api/v1/cluster/status"), 404, ({ error }) => error.includes("/api/v1/health"));
}
