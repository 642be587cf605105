/** Kinds as people write them: any case, plural, kubectl's short names. */
import { KINDS, type Kind, RESOURCES, type Ref } from "@kintsugi/core";

const SHORT: ReadonlyMap<string, Kind> = new Map([
  ["ns", "Namespace"],
  ["no", "Node"],
  ["po", "Pod"],
  ["deploy", "Deployment"],
  ["rs", "ReplicaSet"],
  ["sts", "StatefulSet"],
  ["ds", "DaemonSet"],
  ["cj", "CronJob"],
  ["svc", "Service"],
  ["cm", "ConfigMap"],
  ["pvc", "PersistentVolumeClaim"],
  ["quota", "ResourceQuota"],
  ["limits", "LimitRange"],
  ["pdb", "PodDisruptionBudget"],
  ["hpa", "HorizontalPodAutoscaler"],
  ["ev", "Event"],
  ["app", "Application"],
]);

/** Undefined where it is no kind that the engine watches. */
export function parseKind(text: string): Kind | undefined {
  const lower = text.toLowerCase();
  return SHORT.get(lower) ?? KINDS.find((kind) => kind.toLowerCase() === lower || RESOURCES[kind].plural === lower);
}

export type ParsedRef = { readonly ok: true; readonly ref: Ref } | { readonly ok: false; readonly why: string };

/** Reads `KIND/NAMESPACE/NAME`, or `KIND/NAME` for kinds without a namespace. */
export function parseObject(text: string): ParsedRef {
  const parts = text.split("/");
  const kind = parseKind(parts[0] ?? "");
  if (kind === undefined)
    return { ok: false, why: `${parts[0]} is not a kind that the engine watches; write KIND/NAMESPACE/NAME with one of ${KINDS.join(", ")}` };
  const { namespaced } = RESOURCES[kind];
  const right = namespaced ? `${kind}/NAMESPACE/NAME` : `${kind}/NAME`;
  const [namespace, name] = namespaced ? [parts[1], parts[2]] : ["", parts.at(-1)];
  const isLong = parts.length > 3 || (!namespaced && parts.length === 3 && parts[1] !== "");
  if (isLong || parts.length < 2 || name === undefined || name === "" || namespace === undefined || (namespaced && namespace === "")) {
    return { ok: false, why: `${text} does not name an object: write ${right}` };
  }
  return { ok: true, ref: { kind, namespace, name } };
}
