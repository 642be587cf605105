/** The off switch that works when our own API is down: `kubectl -n kintsugi create configmap kintsugi-pause`. */
import type { ClusterObject } from "./kube.ts";
import type { Ref } from "./ref.ts";

export const OWN_NAMESPACE = "kintsugi";

export const PAUSE: Ref = { kind: "ConfigMap", namespace: OWN_NAMESPACE, name: "kintsugi-pause" };

/** Its existence is enough; what it holds does not matter. */
export function isPauseConfigMap(object: ClusterObject | undefined): boolean {
  return object?.kind === "ConfigMap" && object.metadata.namespace === PAUSE.namespace && object.metadata.name === PAUSE.name;
}
