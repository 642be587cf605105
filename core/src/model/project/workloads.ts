/** Kinds of `apps` and `batch`. Absent numbers read as the API's own defaults. */
import type { ControllerRevision, CronJob, DaemonSet, Deployment, Job, Meta, ReplicaSet, StatefulSet } from "../kube.ts";
import { numbers, projectConditions, projectSelector } from "./metadata.ts";
import { projectTemplate } from "./pod-spec.ts";
import { count, flag, isRaw, type Raw, raw, text } from "./raw.ts";

export function projectDeployment(metadata: Meta, object: Raw): Deployment {
  const spec = raw(object["spec"]);
  const status = raw(object["status"]);
  const maxUnavailable = raw(raw(spec["strategy"])["rollingUpdate"])["maxUnavailable"];
  const isOwn = typeof maxUnavailable === "number" || (typeof maxUnavailable === "string" && maxUnavailable !== "25%");
  return {
    kind: "Deployment",
    metadata,
    spec: {
      replicas: count(spec["replicas"], 1),
      selector: projectSelector(spec["selector"]),
      template: projectTemplate(spec["template"]),
      paused: flag(spec["paused"]),
      progressDeadlineSeconds: count(spec["progressDeadlineSeconds"], 600),
      minReadySeconds: count(spec["minReadySeconds"]),
      strategy: text(raw(spec["strategy"])["type"]) || "RollingUpdate",
      ...(isOwn ? { maxUnavailable } : {}),
    },
    status: {
      ...numbers(status, "observedGeneration", "replicas", "updatedReplicas", "readyReplicas", "availableReplicas", "unavailableReplicas"),
      conditions: projectConditions(status["conditions"]),
    },
  };
}

export function projectReplicaSet(metadata: Meta, object: Raw): ReplicaSet {
  const spec = raw(object["spec"]);
  const status = raw(object["status"]);
  return {
    kind: "ReplicaSet",
    metadata,
    spec: { replicas: count(spec["replicas"], 1), selector: projectSelector(spec["selector"]), template: projectTemplate(spec["template"]) },
    status: {
      ...numbers(status, "observedGeneration", "replicas", "readyReplicas", "availableReplicas"),
      conditions: projectConditions(status["conditions"]),
    },
  };
}

export function projectStatefulSet(metadata: Meta, object: Raw): StatefulSet {
  const spec = raw(object["spec"]);
  const status = raw(object["status"]);
  return {
    kind: "StatefulSet",
    metadata,
    spec: {
      replicas: count(spec["replicas"], 1),
      selector: projectSelector(spec["selector"]),
      template: projectTemplate(spec["template"]),
      serviceName: text(spec["serviceName"]),
      podManagementPolicy: text(spec["podManagementPolicy"]) || "OrderedReady",
    },
    status: {
      ...numbers(status, "observedGeneration", "replicas", "readyReplicas", "updatedReplicas", "availableReplicas"),
      currentRevision: text(status["currentRevision"]),
      updateRevision: text(status["updateRevision"]),
    },
  };
}

export function projectDaemonSet(metadata: Meta, object: Raw): DaemonSet {
  const spec = raw(object["spec"]);
  const status = raw(object["status"]);
  return {
    kind: "DaemonSet",
    metadata,
    spec: { selector: projectSelector(spec["selector"]), template: projectTemplate(spec["template"]) },
    status: numbers(status, "observedGeneration", "desiredNumberScheduled", "numberReady", "numberAvailable", "updatedNumberScheduled", "numberMisscheduled"),
  };
}

export function projectControllerRevision(metadata: Meta, object: Raw): ControllerRevision {
  const template = raw(raw(object["data"])["spec"])["template"];
  return { kind: "ControllerRevision", metadata, revision: count(object["revision"]), template: isRaw(template) ? projectTemplate(template) : undefined };
}

export function projectJob(metadata: Meta, object: Raw): Job {
  const spec = raw(object["spec"]);
  const status = raw(object["status"]);
  const mode = text(spec["completionMode"]);
  const unkept = unkeptOfJob(spec);
  return {
    kind: "Job",
    metadata,
    spec: {
      completions: count(spec["completions"], 1),
      parallelism: count(spec["parallelism"], 1),
      backoffLimit: count(spec["backoffLimit"], 6),
      suspend: flag(spec["suspend"]),
      ...(typeof spec["activeDeadlineSeconds"] === "number" ? { activeDeadlineSeconds: spec["activeDeadlineSeconds"] } : {}),
      ...(typeof spec["ttlSecondsAfterFinished"] === "number" ? { ttlSecondsAfterFinished: spec["ttlSecondsAfterFinished"] } : {}),
      ...(mode === "" ? {} : { completionMode: mode }),
      ...(unkept.length === 0 ? {} : { unkept }),
      template: projectTemplate(spec["template"]),
    },
    status: {
      ...numbers(status, "active", "succeeded", "failed"),
      startTime: text(status["startTime"]),
      completionTime: text(status["completionTime"]),
      conditions: projectConditions(status["conditions"]),
    },
  };
}

const KEPT_OF_JOB: ReadonlySet<string> = new Set([
  "completions",
  "parallelism",
  "backoffLimit",
  "suspend",
  "activeDeadlineSeconds",
  "ttlSecondsAfterFinished",
  "completionMode",
  "template",
]);

/** What is set and lost, apart from what the API server fills in by itself; absent completions (a work queue) read as one here. */
function unkeptOfJob(spec: Raw): readonly string[] {
  const lost = Object.keys(spec).filter((field) => {
    if (KEPT_OF_JOB.has(field)) return false;
    if (field === "selector") return flag(spec["manualSelector"]);
    if (field === "manualSelector") return flag(spec[field]);
    return field !== "podReplacementPolicy" || spec[field] !== "TerminatingOrFailed";
  });
  return spec["completions"] === undefined && count(spec["parallelism"], 1) !== 1 ? [...lost, "completions"] : lost;
}

export function projectCronJob(metadata: Meta, object: Raw): CronJob {
  const spec = raw(object["spec"]);
  const status = raw(object["status"]);
  return {
    kind: "CronJob",
    metadata,
    spec: { schedule: text(spec["schedule"]), suspend: flag(spec["suspend"]) },
    status: { lastScheduleTime: text(status["lastScheduleTime"]), lastSuccessfulTime: text(status["lastSuccessfulTime"]) },
  };
}
