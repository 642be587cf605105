/** What kubelet 1.34 and containerd 1.6 say, word for word. Text in the style of each source is kept apart from what decides. */
import type { Container, Pod } from "@kintsugi/core";
import { goDuration } from "../world/time.ts";

/** containerd resolves short names against docker.io. */
function resolved(image: string): string {
  const host = image.split("/")[0] ?? "";
  if (image.includes("/") && (host.includes(".") || host.includes(":") || host === "localhost")) return image;
  return image.includes("/") ? `docker.io/${image}` : `docker.io/library/${image}`;
}

export function imageNotFound(image: string): string {
  return `rpc error: code = NotFound desc = ${unresolved(resolved(image))}: ${resolved(image)}: not found`;
}

export function nameRefused(image: string): string {
  const part = image.split("/").findLast((one) => /[A-Z]/.test(one)) ?? image;
  const why = `invalid reference format: repository name (${part.replace(/:.*/, "")}) must be lowercase`;
  return `Failed to apply default image tag "${image}": couldn't parse image name "${image}": ${why}`;
}

/** Why the registry was not even asked: its name is not known, or nobody answers there. The kubelet leaves the code away where it is Unknown. */
export function registryUnreached(image: string, why: "no such host" | "connection refused"): string {
  const full = resolved(image);
  const slash = full.indexOf("/");
  const colon = full.lastIndexOf(":");
  const [host, path, tag] = [full.slice(0, slash), full.slice(slash + 1, colon), full.slice(colon + 1)];
  const dial = why === "no such host" ? `dial tcp: lookup ${host} on 10.0.0.2:53: no such host` : "dial tcp 10.0.8.20:443: connect: connection refused";
  return `${unresolved(full)}: failed to do request: Head "https://${host}/v2/${path}/manifests/${tag}": ${dial}`;
}

function unresolved(full: string): string {
  return `failed to pull and unpack image "${full}": failed to resolve reference "${full}"`;
}

export function pullBackOff(image: string, failure: string): string {
  return `Back-off pulling image "${image}": ErrImagePull: ${failure}`;
}

export function pulled(image: string, tookMs: number, sizeBytes: number): string {
  const took = `${(tookMs / 1000).toFixed(3)}s`;
  return `Successfully pulled image "${image}" in ${took} (${took} including waiting). Image size: ${sizeBytes} bytes.`;
}

export function crashBackOff(delayMs: number, container: string, pod: Pod): string {
  const { name, namespace, uid } = pod.metadata;
  return `back-off ${goDuration(delayMs)} restarting failed container=${container} pod=${name}_${namespace}(${uid})`;
}

export function restartingFailed(container: string, pod: Pod): string {
  const { name, namespace, uid } = pod.metadata;
  return `Back-off restarting failed container ${container} in pod ${name}_${namespace}(${uid})`;
}

const START_FAILED =
  "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process";

export function commandNotFound(executable: string): string {
  if (executable.startsWith("/")) return `${START_FAILED}: exec: "${executable}": stat ${executable}: no such file or directory: unknown`;
  return `${START_FAILED}: exec: "${executable}": executable file not found in $PATH: unknown`;
}

export const INIT_OOM_KILLED = `${START_FAILED}: container init was OOM-killed (memory limit too low?): unknown`;

export function unready(containers: readonly string[]): string {
  return `containers with unready status: [${containers.join(" ")}]`;
}

export const SANDBOX_OOM_KILLED = `Failed to create pod sandbox: rpc error: code = Unknown desc = ${INIT_OOM_KILLED}`;

export type ProbeFailure =
  | { readonly type: "status"; readonly code: number }
  /** A command that failed without a word. */
  | { readonly type: "exec" }
  | { readonly type: "refused" | "timeout"; readonly address: string; readonly path: string };

export function probeFailed(failure: ProbeFailure): string {
  if (failure.type === "exec") return "";
  if (failure.type === "status") return `HTTP probe failed with statuscode: ${failure.code}`;
  const get = failure.path === "" ? "" : `Get "http://${failure.address}${failure.path}": `;
  if (failure.type === "refused") return `${get}dial tcp ${failure.address}: connect: connection refused`;
  return `${get}context deadline exceeded (Client.Timeout exceeded while awaiting headers)`;
}

export function emptyDirFull(volume: string, limit: string): string {
  return `Usage of EmptyDir volume "${volume}" exceeds the limit "${limit}". `;
}

/** Eviction manager's message; quantities as the API prints them. */
export function evicted(
  resource: "memory" | "ephemeral-storage",
  threshold: string,
  available: string,
  container: Container,
  used: string,
  requested: string,
): string {
  const start = `The node was low on resource: ${resource}. Threshold quantity: ${threshold}, available: ${available}. `;
  return `${start}Container ${container.name} was using ${used}, request is ${requested}, has larger consumption of ${resource}. `;
}
