/** What the resources of the cluster say, each from as many requests as it takes. What is not known is null, with the reason. */
import { z } from "zod";
import { type Backend, segment } from "./backend.ts";

const Row = z.looseObject({});
const Page = z.looseObject({ items: z.array(Row), next: z.string().optional() });
const Overview = z.looseObject({ status: z.string(), message: z.string(), nodes: Row, pods: Row, incidents: Row, unseen: z.array(Row) });
const Attempt = z.looseObject({ outcome: z.string(), action: z.string(), mode: z.string(), verification: z.looseObject({ state: z.string() }) });

const PAGE = 200;
const MAX_ITEMS = 1_000;
const NO_USAGE = "this engine has no metrics source";

export async function healthReading(backend: Backend): Promise<object> {
  const { status, message, nodes, pods, incidents, unseen } = Overview.parse(await backend.get("/api/v2/cluster"));
  const { items } = Page.parse(await backend.get("/api/v2/incidents", { phase: "live", limit: 50 }));
  const active = items.map(({ id, title, severity, phase }) => ({ id, title, severity, phase }));
  return { status, message, nodes, pods, incidents, resource_usage: null, resource_usage_reason: NO_USAGE, active_issues: active, warnings: unseen };
}

export async function nodesReading(backend: Backend): Promise<object> {
  const { items, truncated } = await allOf(backend, "/api/v2/nodes");
  return { nodes: items, count: items.length, truncated };
}

export async function incidentsReading(backend: Backend): Promise<object> {
  const { items, truncated } = await allOf(backend, "/api/v2/incidents", { phase: "live" });
  const bySeverity = Object.fromEntries([...Map.groupBy(items, ({ severity }) => String(severity))].map(([severity, of]) => [severity, of.length]));
  const incidents = items.map(({ id, title, severity, phase, mode, subject, openedAt, changedAt }) => ({
    id,
    title,
    severity,
    phase,
    mode,
    subject,
    openedAt,
    changedAt,
  }));
  return { total: items.length, by_severity: bySeverity, incidents, truncated };
}

/** The success rate is of those of which it is known whether they helped. */
export async function historyReading(backend: Backend): Promise<object> {
  const { items, truncated } = await allOf(backend, "/api/v2/remediations");
  const attempts = z.array(Attempt).parse(items);
  const outcomes = counts(attempts, ({ outcome }) => outcome);
  const verified = counts(attempts, ({ verification }) => verification.state);
  const helped = verified["passed"] ?? 0;
  const judged = helped + (verified["failed"] ?? 0);
  return {
    total: attempts.length,
    by_outcome: outcomes,
    success_rate: judged === 0 ? null : helped / judged,
    top_actions: counts(attempts, ({ action }) => action),
    patterns: counts(attempts, ({ mode }) => mode),
    recent: attempts.slice(0, 20),
    truncated,
  };
}

export async function incidentReading(backend: Backend, id: string): Promise<object> {
  return Row.parse(await backend.get(`/api/v2/incidents/${segment(id)}`));
}

/** Ids of incidents that begin so, newest first. None where the caller may not list them or nobody answers. */
export async function incidentIds(backend: Backend, begun: string): Promise<string[]> {
  try {
    const { items } = Page.parse(await backend.get("/api/v2/incidents", { limit: PAGE }));
    return items.map(({ id }) => String(id)).filter((id) => id.startsWith(begun));
  } catch {
    return [];
  }
}

async function allOf(
  backend: Backend,
  path: string,
  query: { readonly [name: string]: string } = {},
): Promise<{ readonly items: readonly z.infer<typeof Row>[]; readonly truncated: boolean }> {
  const items: z.infer<typeof Row>[] = [];
  let cursor: string | undefined;
  do {
    const page = Page.parse(await backend.get(path, { ...query, limit: PAGE, cursor }));
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined && items.length < MAX_ITEMS);
  return { items, truncated: cursor !== undefined };
}

/** Most first. */
function counts<T>(items: readonly T[], of: (item: T) => string): { [value: string]: number } {
  const groups = [...Map.groupBy(items, of)].map(([value, group]) => [value, group.length] as const);
  return Object.fromEntries(groups.toSorted(([, a], [, b]) => b - a));
}
