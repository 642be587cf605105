/** Namespaces, nodes, network, configuration, limits. */
import type {
  ConfigMap,
  EndpointSlice,
  HorizontalPodAutoscaler,
  LimitRange,
  Meta,
  Namespace,
  Node,
  PersistentVolumeClaim,
  PodDisruptionBudget,
  ResourceQuota,
  Service,
} from "../kube.ts";
import { numbers, projectConditions, projectSelector, quantities } from "./metadata.ts";
import { count, flag, list, type Raw, raw, rawList, text, textMap } from "./raw.ts";

export function projectNamespace(metadata: Meta, object: Raw): Namespace {
  return { kind: "Namespace", metadata, status: { phase: text(raw(object["status"])["phase"]) } };
}

export function projectNode(metadata: Meta, object: Raw): Node {
  const spec = raw(object["spec"]);
  const status = raw(object["status"]);
  const provider = text(spec["providerID"]);
  return {
    kind: "Node",
    metadata,
    spec: {
      unschedulable: flag(spec["unschedulable"]),
      taints: rawList(spec["taints"]).map((taint) => ({
        key: text(taint["key"]),
        ...(typeof taint["value"] === "string" ? { value: taint["value"] } : {}),
        effect: text(taint["effect"]),
        ...(typeof taint["timeAdded"] === "string" ? { timeAdded: taint["timeAdded"] } : {}),
      })),
      ...(provider === "" ? {} : { providerID: provider }),
    },
    status: {
      conditions: projectConditions(status["conditions"]),
      allocatable: quantities(status["allocatable"]),
      capacity: quantities(status["capacity"]),
      kubeletVersion: text(raw(status["nodeInfo"])["kubeletVersion"]),
    },
  };
}

export function projectService(metadata: Meta, object: Raw): Service {
  const spec = raw(object["spec"]);
  return {
    kind: "Service",
    metadata,
    spec: {
      type: text(spec["type"]) || "ClusterIP",
      clusterIP: text(spec["clusterIP"]),
      selector: textMap(spec["selector"]),
      ports: rawList(spec["ports"]).map((port) => {
        const target = port["targetPort"];
        return {
          ...(typeof port["name"] === "string" ? { name: port["name"] } : {}),
          port: count(port["port"]),
          ...(typeof target === "number" || typeof target === "string" ? { targetPort: target } : {}),
          ...(typeof port["protocol"] === "string" ? { protocol: port["protocol"] } : {}),
        };
      }),
      publishNotReadyAddresses: flag(spec["publishNotReadyAddresses"]),
    },
  };
}

/** An absent `ready` counts as ready, as the API says ("unknown, in most cases consumers should interpret this as ready"). */
export function projectEndpointSlice(metadata: Meta, object: Raw): EndpointSlice {
  return {
    kind: "EndpointSlice",
    metadata,
    endpoints: rawList(object["endpoints"]).map((endpoint) => {
      const target = raw(endpoint["targetRef"]);
      return {
        addresses: list(endpoint["addresses"]).length,
        ready: raw(endpoint["conditions"])["ready"] !== false,
        podName: target["kind"] === "Pod" ? text(target["name"]) : "",
        nodeName: text(endpoint["nodeName"]),
      };
    }),
  };
}

/** Our own off switch is the one ConfigMap whose values are read. */
const PAUSE = { namespace: "kintsugi", name: "kintsugi-pause" };

export function projectConfigMap(metadata: Meta, object: Raw): ConfigMap {
  const keys = [...Object.keys(raw(object["data"])), ...Object.keys(raw(object["binaryData"]))].sort();
  const pause = metadata.namespace === PAUSE.namespace && metadata.name === PAUSE.name;
  return { kind: "ConfigMap", metadata, keys, ...(pause ? { data: textMap(object["data"]) } : {}) };
}

export function projectPersistentVolumeClaim(metadata: Meta, object: Raw): PersistentVolumeClaim {
  return {
    kind: "PersistentVolumeClaim",
    metadata,
    spec: { volumeName: text(raw(object["spec"])["volumeName"]) },
    status: { phase: text(raw(object["status"])["phase"]) },
  };
}

export function projectResourceQuota(metadata: Meta, object: Raw): ResourceQuota {
  const status = raw(object["status"]);
  return {
    kind: "ResourceQuota",
    metadata,
    spec: { hard: quantities(raw(object["spec"])["hard"]) },
    status: { hard: quantities(status["hard"]), used: quantities(status["used"]) },
  };
}

export function projectLimitRange(metadata: Meta, object: Raw): LimitRange {
  return {
    kind: "LimitRange",
    metadata,
    spec: {
      limits: rawList(raw(object["spec"])["limits"]).map((limit) => ({
        type: text(limit["type"]),
        ...(limit["max"] === undefined ? {} : { max: quantities(limit["max"]) }),
        ...(limit["min"] === undefined ? {} : { min: quantities(limit["min"]) }),
        ...(limit["default"] === undefined ? {} : { default: quantities(limit["default"]) }),
        ...(limit["maxLimitRequestRatio"] === undefined ? {} : { maxLimitRequestRatio: quantities(limit["maxLimitRequestRatio"]) }),
      })),
    },
  };
}

export function projectPodDisruptionBudget(metadata: Meta, object: Raw): PodDisruptionBudget {
  return {
    kind: "PodDisruptionBudget",
    metadata,
    spec: { selector: projectSelector(raw(object["spec"])["selector"]) },
    status: numbers(raw(object["status"]), "disruptionsAllowed", "currentHealthy", "desiredHealthy"),
  };
}

export function projectHorizontalPodAutoscaler(metadata: Meta, object: Raw): HorizontalPodAutoscaler {
  const spec = raw(object["spec"]);
  const status = raw(object["status"]);
  const target = raw(spec["scaleTargetRef"]);
  return {
    kind: "HorizontalPodAutoscaler",
    metadata,
    spec: {
      target: { kind: text(target["kind"]), name: text(target["name"]) },
      minReplicas: count(spec["minReplicas"], 1),
      maxReplicas: count(spec["maxReplicas"]),
    },
    status: { ...numbers(status, "currentReplicas", "desiredReplicas"), conditions: projectConditions(status["conditions"]) },
  };
}
