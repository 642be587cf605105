/** Manifests of the small workloads that the scenes break. */
import type { Manifest } from "./scene.ts";
import { IMAGE, SCRIPTS, type Script } from "./scripts.ts";

type Fields = Readonly<Record<string, unknown>>;

export function container({ text }: Script, over: Fields = {}): Fields {
  return { name: "app", image: IMAGE, command: ["sh", "-c", text], ...over };
}

export function podTemplate(app: string, containers: readonly Fields[], spec: Fields = {}): Fields {
  return {
    metadata: { labels: { app } },
    // Nothing is mounted that no scene is about.
    spec: { terminationGracePeriodSeconds: 2, automountServiceAccountToken: false, nodeSelector: { "kubernetes.io/hostname": "node-0" }, containers, ...spec },
  };
}

export function cart(script: Script = SCRIPTS.idle, over: Fields = {}, spec: Fields = {}): Manifest {
  return deployment("cart", podTemplate("cart", [container(script, over)], spec));
}

function deployment(name: string, template: Fields, replicas = 2): Manifest {
  const spec = { replicas, selector: { matchLabels: { app: name } }, template };
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { name }, spec };
}

export function statefulSet(name: string, template: Fields, replicas: number): Manifest {
  const spec = { replicas, serviceName: name, podManagementPolicy: "Parallel", selector: { matchLabels: { app: name } }, template };
  return { apiVersion: "apps/v1", kind: "StatefulSet", metadata: { name }, spec };
}

export function job(name: string, template: Fields, backoffLimit: number): Manifest {
  const spec = { ...(template["spec"] as Fields), restartPolicy: "Never" };
  return { apiVersion: "batch/v1", kind: "Job", metadata: { name }, spec: { backoffLimit, template: { spec } } };
}

export function webService(name: string): Manifest {
  return { apiVersion: "v1", kind: "Service", metadata: { name }, spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }] } };
}

export function configMap(name: string, data: Readonly<Record<string, string>>): Manifest {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data };
}

export function quota(name: string, hard: Readonly<Record<string, string>>): Manifest {
  return { apiVersion: "v1", kind: "ResourceQuota", metadata: { name }, spec: { hard } };
}

/** Ready while the file is there. */
export function probe(file: string): Fields {
  return { readinessProbe: { exec: { command: ["test", "-e", file] }, periodSeconds: 2, failureThreshold: 2 } };
}

/** Files that are there once somebody makes the ConfigMap. */
export function optionalFiles(name: string): Fields {
  return { name, configMap: { name, optional: true } };
}

export function mounted(...volumes: readonly string[]): Fields {
  return { volumeMounts: volumes.map((name) => ({ name, mountPath: `/${name}` })) };
}
