/** What a workload calls and does not get: a caller of the unwell is often unready, and no new pod of its own mends that. */
import type { Case } from "../model/failure-mode.ts";
import type { Pod } from "../model/kube.ts";
import { isReady, readyChangedAt } from "../model/pod-state.ts";
import { type ServiceCall, servicesCalled } from "../model/service-calls.ts";
import { servingPods } from "../model/service-selector.ts";

/** A callee that came back this shortly before its caller fell may have been away, ms: as long as a back-off of crashes and a probe may take. */
const LATELY_MS = 10 * 60_000;

/** The first Service called by these pods that has a pod which is not ready, or was not shortly before they fell; undefined where all is well. */
export function unwellCallee({ view }: Pick<Case, "view">, callers: readonly Pod[]): ServiceCall | undefined {
  const first = callers[0];
  if (first === undefined) return undefined;
  const fell = Math.min(...callers.map(readyChangedAt));
  return servicesCalled(first.spec, first.metadata.namespace, view).find(({ service }) => {
    const pods = servingPods(view, service);
    return pods !== undefined && (pods.length === 0 || pods.some((pod) => !isReady(pod) || readyChangedAt(pod) > fell - LATELY_MS));
  });
}
