/** ConfigMaps and Secrets that a pod needs, and those of them that are not there. Secrets are never read: the kubelet's words stand for them. */
import type { Pod, PodSpec } from "./kube.ts";
import { timeOf } from "./time.ts";
import type { View } from "./view.ts";

export interface ConfigReference {
  readonly kind: "ConfigMap" | "Secret";
  readonly name: string;
  /** One key of it; undefined when the whole object is meant. */
  readonly key?: string;
}

/** Every reference of the spec that is not optional. */
export function configReferences(spec: PodSpec): readonly ConfigReference[] {
  const found: ConfigReference[] = [];
  for (const container of [...(spec.initContainers ?? []), ...spec.containers]) {
    for (const source of container.envFrom ?? []) {
      if (source.configMapRef !== undefined && source.configMapRef.optional !== true) {
        found.push({ kind: "ConfigMap", name: source.configMapRef.name });
      }
      if (source.secretRef !== undefined && source.secretRef.optional !== true) found.push({ kind: "Secret", name: source.secretRef.name });
    }
    for (const { valueFrom } of container.env ?? []) {
      const { configMapKeyRef: map, secretKeyRef: secret } = valueFrom ?? {};
      if (map !== undefined && map.optional !== true) found.push({ kind: "ConfigMap", name: map.name, key: map.key });
      if (secret !== undefined && secret.optional !== true) found.push({ kind: "Secret", name: secret.name, key: secret.key });
    }
  }
  for (const { configMap, secret } of spec.volumes ?? []) {
    if (secret !== undefined && secret.optional !== true) found.push({ kind: "Secret", name: secret.secretName });
    if (configMap === undefined || configMap.optional === true) continue;
    found.push({ kind: "ConfigMap", name: configMap.name });
    for (const item of configMap.items ?? []) found.push({ kind: "ConfigMap", name: configMap.name, key: item.key });
  }
  return found;
}

/** True when the spec needs what is named; a reference to the whole object needs any key only if the key is not asked for. */
export function refersTo(spec: PodSpec, wanted: ConfigReference): boolean {
  return configReferences(spec).some((r) => r.kind === wanted.kind && r.name === wanted.name && (wanted.key === undefined || r.key === wanted.key));
}

/** Whether the object (and key) is there now; undefined where that cannot be seen (Secrets, or ConfigMaps that are not live). */
export function exists(view: View, namespace: string, wanted: ConfigReference): boolean | undefined {
  if (wanted.kind === "Secret" || view.health("ConfigMap") !== "live") return undefined;
  const map = view.get("ConfigMap", namespace, wanted.name);
  return map !== undefined && (wanted.key === undefined || map.keys.includes(wanted.key));
}

const NOT_FOUND = /\b(configmap|secret) "([^"]{1,253})" not found/i;
const NO_KEY = /couldn't find key (\S{1,253}) in (ConfigMap|Secret) (?:[^\s/]{1,253}\/)?([^\s/]{1,253})/i;

/** What the kubelet says is missing (`CreateContainerConfigError` and `FailedMount` messages), or undefined. */
export function missingInMessage(message: string): ConfigReference | undefined {
  const object = NOT_FOUND.exec(message);
  if (object !== null) return { kind: kindOf(object[1]), name: object[2] ?? "" };
  const key = NO_KEY.exec(message);
  return key === null ? undefined : { kind: kindOf(key[2]), name: key[3] ?? "", key: key[1] ?? "" };
}

function kindOf(word: string | undefined): "ConfigMap" | "Secret" {
  return word?.toLowerCase() === "secret" ? "Secret" : "ConfigMap";
}

/**
 * What keeps a pod in ContainerCreating because a volume's source is missing: ConfigMaps by looking, Secrets by the latest FailedMount event
 * since the pod began (the object itself is not observed).
 */
export function missingVolumeSource(pod: Pod, view: View): ConfigReference | undefined {
  for (const { configMap } of pod.spec.volumes ?? []) {
    if (configMap === undefined || configMap.optional === true) continue;
    const wanted = [
      { kind: "ConfigMap" as const, name: configMap.name },
      ...(configMap.items ?? []).map((i) => ({ kind: "ConfigMap" as const, name: configMap.name, key: i.key })),
    ];
    const missing = wanted.find((reference) => exists(view, pod.metadata.namespace, reference) === false);
    if (missing !== undefined) return missing;
  }
  if (!(pod.spec.volumes ?? []).some((volume) => volume.secret !== undefined)) return undefined;
  const began = timeOf(pod.status.startTime) ?? 0;
  const event = view.eventsOf(pod.metadata.uid).findLast((e) => e.reason === "FailedMount" && (timeOf(e.lastTimestamp) ?? 0) >= began);
  const named = event === undefined ? undefined : missingInMessage(event.message);
  return named?.kind === "Secret" && pod.spec.volumes?.some((volume) => volume.secret?.secretName === named.name) ? named : undefined;
}

/** `ConfigMap cart-conf (key app.conf)`. */
export function referenceText({ kind, name, key }: ConfigReference): string {
  return key === undefined ? `${kind} ${name}` : `${kind} ${name} (key ${key})`;
}
