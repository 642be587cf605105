/** What other parts of the cluster say about objects: Events, Argo CD Applications, OpenShift's own state. */
import type { Event, Meta } from "../kube.ts";
import type { Application, ClusterVersion, MachineConfigPool } from "../kube-extensions.ts";
import { redactText, withoutUrlCredentials } from "../redact.ts";
import { projectConditions } from "./metadata.ts";
import { count, type Raw, raw, rawList, text } from "./raw.ts";

/** Longest message kept; the API allows 1 KiB, older writers wrote more. */
const MAX_MESSAGE = 2048;

/** Times: the old API's first and last timestamp, the new one's eventTime and series, whichever the writer used. */
export function projectEvent(metadata: Meta, object: Raw): Event {
  const involved = raw(object["involvedObject"]);
  const series = raw(object["series"]);
  const eventTime = text(object["eventTime"]);
  const first = text(object["firstTimestamp"]) || eventTime || metadata.creationTimestamp;
  return {
    kind: "Event",
    metadata,
    involved: {
      kind: text(involved["kind"]),
      namespace: text(involved["namespace"]),
      name: text(involved["name"]),
      uid: text(involved["uid"]),
      fieldPath: text(involved["fieldPath"]),
    },
    type: text(object["type"]),
    reason: text(object["reason"]),
    message: redactText(text(object["message"]).slice(0, MAX_MESSAGE)),
    count: count(series["count"]) || count(object["count"]) || 1,
    firstTimestamp: first,
    lastTimestamp: text(series["lastObservedTime"]) || text(object["lastTimestamp"]) || eventTime || first,
    source: text(raw(object["source"])["component"]) || text(object["reportingComponent"]),
  };
}

/** Several sources: the first one names the repository; which of them holds an object the API does not say. */
export function projectApplication(metadata: Meta, object: Raw): Application {
  const spec = raw(object["spec"]);
  const source = Object.keys(raw(spec["source"])).length > 0 ? raw(spec["source"]) : (rawList(spec["sources"])[0] ?? {});
  return {
    kind: "Application",
    metadata,
    resources: rawList(raw(object["status"])["resources"]).map((resource) => ({
      group: text(resource["group"]),
      kind: text(resource["kind"]),
      namespace: text(resource["namespace"]),
      name: text(resource["name"]),
    })),
    repoURL: withoutUrlCredentials(text(source["repoURL"])),
    path: text(source["path"]) || text(source["chart"]),
  };
}

export function projectClusterVersion(metadata: Meta, object: Raw): ClusterVersion {
  return { kind: "ClusterVersion", metadata, status: { conditions: projectConditions(raw(object["status"])["conditions"]) } };
}

export function projectMachineConfigPool(metadata: Meta, object: Raw): MachineConfigPool {
  return { kind: "MachineConfigPool", metadata, status: { conditions: projectConditions(raw(object["status"])["conditions"]) } };
}
