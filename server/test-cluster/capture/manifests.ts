/** Manifests of the small workloads that fixtures are taken from. */
import type { KubeObject } from "../harness/person.ts";

export const IMAGE = "localhost/busybox:1";
/** Ends at once when asked to. */
export const IDLE = 'trap "exit 0" TERM INT; while :; do sleep 3600 & wait $!; done';

type Fields = Readonly<Record<string, unknown>>;

export function container(script: string, over: Fields = {}): Fields {
  return { name: "app", image: IMAGE, command: ["sh", "-c", script], ...over };
}

export function podTemplate(app: string, containers: readonly Fields[], spec: Fields = {}): Fields {
  return {
    metadata: { labels: { app } },
    spec: { terminationGracePeriodSeconds: 2, nodeSelector: { "kubernetes.io/hostname": "node-0" }, containers, ...spec },
  };
}

export function deployment(namespace: string, name: string, template: Fields, replicas = 2): KubeObject {
  const spec = { replicas, selector: { matchLabels: { app: name } }, template };
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { name, namespace }, spec };
}

export function statefulSet(namespace: string, name: string, template: Fields, replicas: number): KubeObject {
  const spec = { replicas, serviceName: name, podManagementPolicy: "Parallel", selector: { matchLabels: { app: name } }, template };
  return { apiVersion: "apps/v1", kind: "StatefulSet", metadata: { name, namespace }, spec };
}

export function job(namespace: string, name: string, script: string, backoffLimit: number): KubeObject {
  const { spec } = podTemplate(name, [container(script)]);
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name, namespace },
    spec: { backoffLimit, template: { spec: { ...(spec as Fields), restartPolicy: "Never" } } },
  };
}

export function service(namespace: string, name: string): KubeObject {
  return { apiVersion: "v1", kind: "Service", metadata: { name, namespace }, spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }] } };
}

export function configMap(namespace: string, name: string, data: Readonly<Record<string, string>>): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data };
}

export function quota(namespace: string, name: string, hard: Readonly<Record<string, string>>): KubeObject {
  return { apiVersion: "v1", kind: "ResourceQuota", metadata: { name, namespace }, spec: { hard } };
}
