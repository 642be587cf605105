/** The Service's selector finds no pod, while the pods that it served, or should, are there under other labels. */

import { counted } from "../../model/counted.ts";
import type { Case, Evidence, FailureMode, Health, Remedy } from "../../model/failure-mode.ts";
import { refOf, type Service } from "../../model/kube.ts";
import { isActive, isReady } from "../../model/pod-state.ts";
import { labelsText } from "../../model/selector.ts";
import { nearMiss, selectedWorkloads, selectorSetAt, workingSelector } from "../../model/service-selector.ts";
import { spanText } from "../../model/time.ts";
import { against, favours, weigh } from "../evidence.ts";

export const serviceWithoutEndpoints: FailureMode = {
  id: "service-without-endpoints",
  number: 63,
  title: "Service selector finds no pod",
  explains: ["service-without-endpoints"],
  deterministic: true,
  maybeMeant: false,
  specificity: 2,
  examine,
  remedies,
  healthy,
  recurrenceMs: () => 30_000,
};

function serviceOf(given: Case): Service | undefined {
  return given.subject.kind === "Service" ? given.view.get("Service", given.subject.namespace, given.subject.name) : undefined;
}

function examine(given: Case): readonly Evidence[] | undefined {
  const service = serviceOf(given);
  if (service === undefined || Object.keys(service.spec.selector).length === 0) return undefined;
  const ref = refOf(service);
  const selector = labelsText(service.spec.selector);
  const found = given.view.podsSelected(service.metadata.namespace, service.spec.selector).filter(isActive);
  const set = selectorSetAt(service);
  const when = set.by === "" ? "" : `, set by ${set.by} ${spanText(given.now - set.at)} ago,`;
  const evidence: Evidence[] = [
    weigh(
      "finds-no-pod",
      found.length === 0,
      [`its selector ${selector}${when} finds no pod`, `its selector ${selector} finds ${counted(found.length, "pod", "pods")}`],
      ref,
    ),
  ];
  const own = selectedWorkloads(given.view, service);
  if (own.length > 0)
    evidence.push(against("workload-without-pods", `it selects ${own[0]?.kind} ${own[0]?.metadata.name}, which has no pods`, ...own.map(refOf)));
  const worked = workingSelector(given.view, service);
  if (worked !== undefined) evidence.push(favours("worked-before", `it worked with ${labelsText(worked)}, which finds running pods today`, ref));
  // What worked before says more than what merely looks alike, and says all that is needed.
  const near = worked === undefined ? nearMiss(given.view, service) : undefined;
  if (near !== undefined)
    evidence.push(
      favours("near-miss", `${near.workload.kind} ${near.workload.metadata.name} differs from it by the label ${near.key} alone`, refOf(near.workload)),
    );
  return evidence;
}

function remedies(given: Case): readonly Remedy[] {
  const service = serviceOf(given);
  if (service === undefined || workingSelector(given.view, service) === undefined) return [];
  return [{ action: "restore-selector", target: refOf(service), params: {} }];
}

/** By pods and by slices: a slice that the controller has not filled yet serves nobody. */
function healthy(given: Case): Health {
  if (given.view.health("Pod") !== "live" || given.view.health("EndpointSlice") !== "live")
    return { answer: "unknown", reason: "the view of Pods or EndpointSlices is not live" };
  const service = serviceOf(given);
  if (service === undefined) return { answer: "unknown", reason: "the Service does not exist" };
  const ready = given.view.podsSelected(service.metadata.namespace, service.spec.selector).filter((pod) => isActive(pod) && isReady(pod)).length;
  if (ready === 0) return { answer: "unhealthy", reason: "its selector finds no ready pod" };
  const filled = given.view.ownedBy("EndpointSlice", service.metadata.uid).some((slice) => slice.endpoints.some((endpoint) => endpoint.ready));
  return filled
    ? { answer: "healthy", reason: `${ready} ready pods, and its slices have ready endpoints` }
    : { answer: "unhealthy", reason: "its slices have no ready endpoint" };
}
