/** A workload that had replicas wants none, while a Service still points at it. A person may have meant it. */
import type { Case, Evidence, FailureMode, Health, Remedy } from "../../model/failure-mode.ts";
import type { Deployment, StatefulSet } from "../../model/kube.ts";
import { refOf } from "../../model/kube.ts";
import { lastReplicas, scaledAt, scalerOf, unservedServices } from "../../model/scaled-to-zero.ts";
import { spanText } from "../../model/time.ts";
import { workloadHealth } from "../../model/workload-health.ts";
import { against, favours, weigh } from "../evidence.ts";

export const scaledToZero: FailureMode = {
  id: "scaled-to-zero",
  number: 43,
  title: "Scaled to zero",
  explains: ["scaled-to-zero"],
  deterministic: true,
  maybeMeant: true,
  specificity: 2,
  examine,
  remedies,
  healthy,
  recurrenceMs: () => 60_000,
};

function workloadOf(given: Case): Deployment | StatefulSet | undefined {
  const object = given.view.find(given.subject);
  return object?.kind === "Deployment" || object?.kind === "StatefulSet" ? object : undefined;
}

function examine(given: Case): readonly Evidence[] | undefined {
  const owner = workloadOf(given);
  if (owner === undefined || owner.spec.replicas !== 0) return undefined;
  const ref = refOf(owner);
  const before = lastReplicas(given.view, owner);
  const services = unservedServices(given.view, owner);
  const scaled = scaledAt(owner);
  const when = scaled === undefined ? "" : `; set to 0 by ${scaled.by} ${spanText(given.now - scaled.at)} ago`;
  const evidence: Evidence[] = [
    before === undefined
      ? against("had-replicas", "no record shows that it ever had replicas", ref)
      : favours("had-replicas", `it had ${before.replicas} replicas when last seen healthy${when}`, ref),
    weigh(
      "service-unserved",
      services.length > 0,
      [`no pod serves ${services.map((service) => service.metadata.name).join(", ")}`, "no Service points at it alone"],
      ...services.slice(0, 5).map(refOf),
    ),
  ];
  const scaler = scalerOf(given.view, owner);
  if (scaler !== undefined) evidence.push(against("scaled-by-machine", `its scale is the business of ${scaler}`, ref));
  return evidence;
}

function remedies(given: Case): readonly Remedy[] {
  const owner = workloadOf(given);
  if (owner === undefined || owner.spec.replicas !== 0 || lastReplicas(given.view, owner) === undefined || scalerOf(given.view, owner) !== undefined) return [];
  return [{ action: "scale-to-previous", target: refOf(owner), params: {} }];
}

function healthy(given: Case): Health {
  const owner = workloadOf(given);
  if (owner?.spec.replicas === 0) return { answer: "unhealthy", reason: "it wants no replicas" };
  return workloadHealth(given.view, given.subject);
}
