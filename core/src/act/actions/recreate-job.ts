/** Runs a failed Job once more, as a new Job beside it: a Job's own template cannot be changed, and its pods' logs are evidence. */
import { z } from "zod";
import type { Action, Draft } from "../../model/action.ts";
import { hasFailed, RECREATED_FROM } from "../../model/job-state.ts";
import { type Job, type PodTemplate, refOf } from "../../model/kube.ts";
import { holdsRedacted } from "../../model/redact.ts";
import { apiVersion, type Ref, refText } from "../../model/ref.ts";
import { sha256Hex } from "../../model/sha256.ts";
import { CREATED_UID, type Step } from "../../model/step.ts";
import { impossible } from "../field-patch.ts";
import { parseParams } from "../parameters.ts";
import { anyOf, permissionsOf } from "../permissions.ts";

/** A Job's owner says by it that running the Job again does no harm. */
export const IDEMPOTENT = "kintsugi.dev/idempotent";

/** Labels by which the API server ties a Job to its pods: the new Job gets its own. */
const GENERATED = ["controller-uid", "job-name", "batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name"];
const MAX_NAME = 63;

/** `allowed`: a policy names the Job as one that may run again. */
const Params = z.object({ allowed: z.boolean().default(false) });

export const recreateJob: Action = {
  id: "recreate-job",
  title: "Run a failed Job once more",
  risk: "medium",
  permissions: [anyOf("Job", "get"), anyOf("Job", "create"), anyOf("Job", "delete")],
  plan(target, params, { view }) {
    const parsed = parseParams(Params, params);
    if (!parsed.ok) return impossible(parsed.reason);
    const job = view.find(target);
    if (job?.kind !== "Job") return impossible(`${refText(target)} is gone or is no Job`);
    const name = retryName(job);
    const why = refusal(job, parsed.value.allowed) ?? (view.get("Job", target.namespace, name) === undefined ? undefined : "it was run again already");
    return why === undefined ? { type: "plan", draft: draftFor(job, name) } : impossible(`${refText(target)} is not run again: ${why}`);
  },
};

function refusal(job: Job, allowed: boolean): string | undefined {
  const { labels, annotations } = job.metadata;
  if (!hasFailed(job)) return "it has not failed";
  if (!allowed && labels[IDEMPOTENT] !== "true") return `nothing says that this is safe (the label ${IDEMPOTENT}: "true", or idempotentJobs in the policy)`;
  if (annotations[RECREATED_FROM] !== undefined) return "it is itself the second run of a Job that failed";
  if (holdsRedacted(job.spec.template)) return "its template holds values that look secret and are therefore not kept here";
  const { unkept = [] } = job.spec;
  return unkept.length > 0 ? `a copy would lack ${unkept.join(", ")}` : undefined;
}

/** The same for the same Job, so that creating it twice is a conflict. */
function retryName(job: Job): string {
  const suffix = `-retry-${sha256Hex(job.metadata.uid).slice(0, 5)}`;
  return job.metadata.name.slice(0, MAX_NAME - suffix.length) + suffix;
}

function draftFor(job: Job, name: string): Draft {
  const ref: Ref = { kind: "Job", namespace: job.metadata.namespace, name };
  const manifest = manifestFor(job, name);
  const steps: readonly Step[] = [{ verb: "create", ref, manifest }];
  const inverse: readonly Step[] = [{ verb: "delete", target: { ...ref, uid: CREATED_UID } }];
  return {
    action: recreateJob.id,
    target: refOf(job),
    summary: `Run ${refText(refOf(job))} once more as ${name}`,
    steps,
    inverse: { type: "compensating", steps: inverse },
    risk: recreateJob.risk,
    permissions: permissionsOf([...steps, ...inverse]),
    changesSpec: false,
    fields: [],
    diff: [{ path: refText(ref), before: null, after: manifest }],
  };
}

function manifestFor(job: Job, name: string): Readonly<Record<string, unknown>> {
  const { namespace, labels } = job.metadata;
  // `unkept` is empty by now; a suspended Job would never start.
  const { suspend: _, unkept: __, template, ...spec } = job.spec;
  return {
    apiVersion: apiVersion("Job"),
    kind: "Job",
    metadata: { name, namespace, labels: withoutGenerated(labels), annotations: { [RECREATED_FROM]: job.metadata.name } },
    spec: { ...spec, template: cleaned(template) },
  };
}

function cleaned(template: PodTemplate): PodTemplate {
  const { labels } = template.metadata;
  return labels === undefined ? template : { ...template, metadata: { ...template.metadata, labels: withoutGenerated(labels) } };
}

function withoutGenerated(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !GENERATED.includes(key)));
}
