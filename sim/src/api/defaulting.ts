/** What the API server fills into pod templates and pods (k8s.io/kubernetes pkg/apis/core/v1/defaults.go, plugin DefaultTolerationSeconds). */
import type { Container, PodSpec, PodTemplate, Probe, Toleration } from "@kintsugi/core";

const PROBE_DEFAULTS = { periodSeconds: 10, timeoutSeconds: 1, successThreshold: 1, failureThreshold: 3 };

/** Where a node is lost, its pods stay this long (seconds) unless they say otherwise. */
export const DEFAULT_TOLERATION_SECONDS = 300;

export function defaultTemplate(template: PodTemplate): PodTemplate {
  return { ...template, spec: defaultPodSpec(template.spec) };
}

export function defaultPodSpec(spec: PodSpec): PodSpec {
  return {
    ...spec,
    containers: spec.containers.map(defaultContainer),
    ...(spec.initContainers === undefined ? {} : { initContainers: spec.initContainers.map(defaultContainer) }),
    restartPolicy: spec.restartPolicy ?? "Always",
    terminationGracePeriodSeconds: spec.terminationGracePeriodSeconds ?? 30,
    dnsPolicy: spec["dnsPolicy"] ?? "ClusterFirst",
    schedulerName: spec["schedulerName"] ?? "default-scheduler",
  };
}

function defaultContainer(container: Container): Container {
  const probes: { readinessProbe?: Probe; livenessProbe?: Probe; startupProbe?: Probe } = {};
  if (container.readinessProbe !== undefined) probes.readinessProbe = { ...PROBE_DEFAULTS, ...container.readinessProbe };
  if (container.livenessProbe !== undefined) probes.livenessProbe = { ...PROBE_DEFAULTS, ...container.livenessProbe };
  if (container.startupProbe !== undefined) probes.startupProbe = { ...PROBE_DEFAULTS, ...container.startupProbe };
  const pullPolicy = container.image.endsWith(":latest") || !container.image.includes(":") ? "Always" : "IfNotPresent";
  const { requests, limits } = container.resources ?? {};
  const resources = limits === undefined ? container.resources : { ...container.resources, requests: { ...limits, ...requests } };
  return { ...container, ...probes, ...(resources === undefined ? {} : { resources }), imagePullPolicy: container["imagePullPolicy"] ?? pullPolicy };
}

/** Tolerations that admission adds to every pod that has none of its own for these taints. */
export function withDefaultTolerations(spec: PodSpec): PodSpec {
  const own = spec.tolerations ?? [];
  const added: Toleration[] = [];
  for (const key of ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"]) {
    const covered = own.some((t) => (t.key === key || t.key === undefined) && (t.effect === "NoExecute" || t.effect === undefined));
    if (!covered) added.push({ key, operator: "Exists", effect: "NoExecute", tolerationSeconds: DEFAULT_TOLERATION_SECONDS });
  }
  return added.length === 0 ? spec : { ...spec, tolerations: [...own, ...added], priority: spec.priority ?? 0 };
}
