/** What went wrong after an act and can be its doing: new trouble of the owner, its pods, a Service that they serve or served, or who calls that. */
import { type Finding, findingKey } from "../model/finding.ts";
import type { Before, IncidentIn } from "../model/incident.ts";
import { podsOfRoot } from "../model/owner-chain.ts";
import { type Ref, sameRef } from "../model/ref.ts";
import { selects } from "../model/selector.ts";
import { servicesCalled } from "../model/service-calls.ts";
import { servedWorkload } from "../model/service-selector.ts";
import { timeOf } from "../model/time.ts";
import type { View } from "../model/view.ts";

/** What the time after an act is measured against: every finding there is, by key, and the Services that have the owner's pods. */
export function noteBefore(owner: Ref, findings: readonly Finding[], view: View): Before {
  return { findings: findings.map(findingKey).toSorted(), services: servicesOf(owner, view).toSorted() };
}

type Acted = Pick<IncidentIn<"verifying">, "plan" | "actedAt" | "before">;

/**
 * The first finding that was not there before the act and that it can explain. A finding is new when it is first seen after the act: since when
 * its condition holds may be long ago, as with a selector that nobody touched and whose pods the act took away. What is wrong with a node is not
 * the act's doing: no action of the catalogue puts pods on a node by name.
 */
export function sideEffect(acted: Acted, findings: readonly Finding[], view: View): Finding | undefined {
  const { before, plan } = acted;
  if (before === undefined) return undefined;
  const known = new Set(before.findings);
  let served: ReadonlySet<string> | undefined;
  return findings.find((finding) => {
    if (known.has(findingKey(finding)) || finding.cause?.kind === "Node") return false;
    const { subject } = finding;
    if (sameRef(subject, plan.owner)) return isOfTheAct(finding, acted, view);
    served ??= new Set([...before.services, ...servicesOf(plan.owner, view)]);
    if (subject.kind === "Service") return subject.namespace === plan.owner.namespace && served.has(subject.name);
    return calls(subject, plan.owner.namespace, served, view);
  });
}

/** By its template's own words it calls one of these Services. */
function calls(subject: Ref, namespace: string, services: ReadonlySet<string>, view: View): boolean {
  const caller = services.size === 0 ? undefined : servedWorkload(view, subject);
  if (caller === undefined) return false;
  return servicesCalled(caller.spec.template.spec, subject.namespace, view).some(
    ({ service }) => service.metadata.namespace === namespace && services.has(service.metadata.name),
  );
}

/** Pods from before the act change from one trouble to another while they are replaced: that is old trouble. */
function isOfTheAct({ members, subject }: Finding, { actedAt }: Acted, view: View): boolean {
  const pods = members.filter((member) => member.kind === "Pod");
  if (pods.length === 0) return hasSeenAct(subject, view);
  // The cluster's timestamps are whole seconds.
  const from = Math.floor(actedAt / 1_000) * 1_000;
  return pods.some((pod) => (timeOf(view.find(pod)?.metadata.creationTimestamp) ?? 0) >= from);
}

/** Until its controller has seen the change, what the owner says of itself is about the time before. */
function hasSeenAct(owner: Ref, view: View): boolean {
  const workload = servedWorkload(view, owner);
  return workload === undefined || workload.status.observedGeneration >= (workload.metadata.generation ?? 0);
}

/** Names of the Services that select the owner's pods, or would select those of its template. */
function servicesOf(owner: Ref, view: View): readonly string[] {
  const labels = [servedWorkload(view, owner)?.spec.template.metadata.labels ?? {}, ...podsOfRoot(view, owner).map((pod) => pod.metadata.labels)];
  return view
    .inNamespace("Service", owner.namespace)
    .filter((service) => labels.some((one) => selects(service.spec.selector, one)))
    .map((service) => service.metadata.name);
}
