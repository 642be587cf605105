/** How a Service that is called stands: whether it has a ready pod, since when, and what is or was just wrong behind it. */
import { conditionOf, type Pod, refOf, type Service } from "../model/kube.ts";
import { isReady, readyChangedAt } from "../model/pod-state.ts";
import { refKey } from "../model/ref.ts";
import { servingPods } from "../model/service-selector.ts";
import { timeOf } from "../model/time.ts";
import { behindBefore, behindNow, type Situation } from "./situation.ts";

export interface Served {
  /** Since when the oldest of its ready pods is ready, ms; undefined while it has none. */
  readonly since: number | undefined;
  /** When it lost its last ready pod, as far as its present pods tell, ms. */
  readonly lostAt: number | undefined;
  /** One of its pods, for who runs behind it. */
  readonly pod: Pod | undefined;
  /** Keys of the Service, the workloads that it selects and the nodes of its pods, as far as they explain that it was not served. */
  readonly behind: readonly string[];
}

/** Undefined where the API server does not show who serves it. */
export function servedBy(service: Service, situation: Situation): Served | undefined {
  const pods = servingPods(situation.view, service);
  if (pods === undefined) return undefined;
  const ready = pods.filter(isReady);
  const since = ready.length === 0 ? undefined : Math.min(...ready.map(readyChangedAt));
  const nodes = new Set(pods.flatMap((pod) => pod.spec.nodeName ?? []));
  return {
    since,
    pod: pods[0],
    lostAt: pods.length === 0 ? undefined : Math.max(...pods.map(readyChangedAt)),
    behind: [...troubled(service, since !== undefined, situation), ...[...nodes].filter((name) => isOrWasLost(name, situation)).map(nodeKey)],
  };
}

function troubled(service: Service, isServed: boolean, situation: Situation): readonly string[] {
  const { groups, ongoing } = situation;
  const own = refKey(refOf(service));
  // Leftovers of evicted pods take nothing from a Service.
  const now = behindNow(situation)
    .workloads(service)
    .filter((key) => isServed || groups.get(key)?.some((finding) => finding.lostShare > 0) === true);
  const before = behindBefore(situation).workloads(service);
  return [...now, ...before, ...(groups.has(own) || ongoing.has(own) ? [own] : [])];
}

/** Not ready now, or ready again since its incident began. */
function isOrWasLost(name: string, { groups, ongoing, view }: Situation): boolean {
  const findings = groups.get(nodeKey(name));
  if (findings !== undefined) return findings.some((finding) => finding.detector === "node-not-ready");
  const incident = ongoing.get(nodeKey(name));
  const node = incident === undefined ? undefined : view.get("Node", "", name);
  const back = node === undefined ? undefined : timeOf(conditionOf(node.status.conditions, "Ready")?.lastTransitionTime);
  return incident !== undefined && back !== undefined && back > incident.since;
}

function nodeKey(name: string): string {
  return refKey({ kind: "Node", namespace: "", name });
}
