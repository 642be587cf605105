/**
 * An API server of generated objects, for measuring a client of it: lists pages of nodes and pods, then sends pod changes at a
 * steady rate, and from a POST to /cordons on cordons
 * one node after the other. Every other kind is served and empty; whoever asks may do everything, and dry runs are accepted.
 * Runs as a process of its own (`node generated-api-server.ts NODES PODS CHANGES_PER_SECOND [CORDONS_PER_SECOND LIFTED_AFTER_MS]`) and prints its port, so that
 * what is measured in the client's process is the client.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { RESOURCES } from "@kintsugi/core";

const [nodes = 100, pods = 1_000, changesPerSecond = 100, cordonsPerSecond = 0, liftedAfterMs = 0] = process.argv.slice(2).map(Number);
/** By number: when its cordon was sent, and whether it was lifted since. */
const cordons = new Map<number, { readonly sentAt: number; readonly lifted: boolean }>();
/** So long ago that no window has to pass before it counts as forgotten. */
const CORDONED_AT = new Date(Math.floor(Date.now() / 1_000) * 1_000 - 48 * 3_600_000).toISOString().replace(".000Z", "Z");
let lease: object | undefined;
let nodeVersion = 1;
const nodeWatches = new Set<ServerResponse>();

/** Pods of one workload are this many; each workload has its own template. */
const REPLICAS = 10;

function meta(name: string, namespace: string, version: number, fields: object = {}) {
  return { name, namespace, uid: `uid-${namespace}-${name}`, resourceVersion: `${version}`, creationTimestamp: "2026-01-01T00:00:00Z", ...fields };
}

function node(i: number) {
  const cordon = cordons.get(i);
  const isOpen = cordon === undefined || cordon.lifted;
  return {
    metadata: meta(`node-${i}`, "", 1, { labels: { "kubernetes.io/hostname": `node-${i}`, "topology.kubernetes.io/zone": `z${i % 3}` } }),
    spec: {
      podCIDR: "10.0.0.0/24",
      ...(isOpen ? {} : { unschedulable: true, taints: [{ key: "node.kubernetes.io/unschedulable", effect: "NoSchedule", timeAdded: CORDONED_AT }] }),
    },
    status: {
      conditions: ["MemoryPressure", "DiskPressure", "PIDPressure", "Ready"].map((type) => ({
        type,
        status: type === "Ready" ? "True" : "False",
        reason: "Kubelet",
        message: "kubelet says so",
        lastHeartbeatTime: "2026-01-01T00:00:00Z",
        lastTransitionTime: "2026-01-01T00:00:00Z",
      })),
      allocatable: { cpu: "32", memory: "128Gi", pods: "110" },
      capacity: { cpu: "32", memory: "128Gi", pods: "110" },
      nodeInfo: { kubeletVersion: "v1.34.4", osImage: "Linux" },
      images: Array.from({ length: 50 }, (_, k) => ({ names: [`registry.example.org/app-${k}@sha256:${"0".repeat(64)}`], sizeBytes: 1_000_000 })),
    },
  };
}

function container(workload: number) {
  return {
    name: "app",
    image: `registry.example.org/team/app-${workload}:1.2.3`,
    command: ["/app/server"],
    args: ["--port=8080", "--log-level=info"],
    env: Array.from({ length: 12 }, (_, k) => ({ name: `SETTING_${k}`, value: `value-${workload}-${k}` })),
    ports: [{ containerPort: 8080, protocol: "TCP" }],
    resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } },
    livenessProbe: { httpGet: { path: "/live", port: 8080, scheme: "HTTP" }, periodSeconds: 10, timeoutSeconds: 1, failureThreshold: 3, successThreshold: 1 },
    readinessProbe: { httpGet: { path: "/ready", port: 8080, scheme: "HTTP" }, periodSeconds: 5, timeoutSeconds: 1, failureThreshold: 3, successThreshold: 1 },
    volumeMounts: [{ name: "kube-api-access-abcde", mountPath: "/var/run/secrets/kubernetes.io/serviceaccount", readOnly: true }],
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
    imagePullPolicy: "IfNotPresent",
  };
}

/** Realistic in size: about 5 kB, a third of it managedFields. */
function pod(i: number, version: number, restarts = 0) {
  const workload = Math.floor(i / REPLICAS);
  const name = `app-${workload}-6d4cf56db6-${i}`;
  const owned = (paths: readonly string[]) => Object.fromEntries(paths.map((path) => [`f:${path}`, {}]));
  return {
    metadata: meta(name, `team-${workload % 200}`, version, {
      labels: { app: `app-${workload}`, "pod-template-hash": "6d4cf56db6", team: `team-${workload % 200}` },
      ownerReferences: [
        { apiVersion: "apps/v1", kind: "ReplicaSet", name: `app-${workload}-6d4cf56db6`, uid: `rs-${workload}`, controller: true, blockOwnerDeletion: true },
      ],
      managedFields: ["kube-controller-manager", "kubelet"].map((manager) => ({
        manager,
        operation: "Update",
        apiVersion: "v1",
        time: "2026-01-01T00:00:00Z",
        fieldsType: "FieldsV1",
        fieldsV1: { "f:spec": { "f:containers": { 'k:{"name":"app"}': owned(Array.from({ length: 25 }, (_, k) => `someField${k}`)) } } },
      })),
    }),
    spec: {
      nodeName: `node-${i % nodes}`,
      serviceAccountName: "default",
      containers: [container(workload)],
      volumes: [{ name: "kube-api-access-abcde", projected: { sources: [{ serviceAccountToken: { path: "token" } }] } }],
      tolerations: [
        { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 },
        { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 },
      ],
      restartPolicy: "Always",
    },
    status: {
      phase: "Running",
      podIP: `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`,
      startTime: "2026-01-01T00:00:00Z",
      conditions: ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"].map((type) => ({
        type,
        status: "True",
        lastProbeTime: null,
        lastTransitionTime: "2026-01-01T00:00:00Z",
      })),
      containerStatuses: [
        {
          name: "app",
          ready: true,
          started: true,
          restartCount: restarts,
          image: `registry.example.org/team/app-${workload}:1.2.3`,
          imageID: `sha256:${"0".repeat(64)}`,
          state: { running: { startedAt: "2026-01-01T00:00:00Z" } },
          lastState: {},
        },
      ],
    },
  };
}

function list(response: ServerResponse, query: URLSearchParams, total: number, make: (i: number) => unknown): void {
  const start = Number(query.get("continue") ?? 0);
  const end = Math.min(total, start + Number(query.get("limit") ?? total));
  const items = Array.from({ length: end - start }, (_, k) => make(start + k));
  response.end(JSON.stringify({ metadata: { resourceVersion: "1", ...(end < total ? { continue: `${end}` } : {}) }, items }));
}

function watchPods(response: ServerResponse): void {
  let version = 1;
  let restarts = 0;
  const timer = setInterval(() => {
    let lines = "";
    for (let k = 0; k < changesPerSecond / 50; k++) {
      version++;
      restarts++;
      // Carries the moment it was sent, so that the client can tell how long it was under way.
      const object = { kind: "Pod", apiVersion: "v1", ...pod(version % pods, version, restarts) };
      Object.assign(object.metadata, { annotations: { sentAt: `${Date.now()}` } });
      lines += `${JSON.stringify({ type: "MODIFIED", object })}\n`;
    }
    response.write(lines);
  }, 20);
  response.on("close", () => clearInterval(timer));
}

function watchNodes(response: ServerResponse): void {
  nodeWatches.add(response);
  response.on("close", () => nodeWatches.delete(response));
}

function beginCordons(): void {
  const timer = setInterval(() => {
    const next = cordons.size;
    if (next === nodes) return clearInterval(timer);
    const sentAt = Date.now();
    sendNode(next, { sentAt, lifted: false });
    if (liftedAfterMs > 0) setTimeout(() => sendNode(next, { sentAt, lifted: true }), liftedAfterMs);
  }, 1_000 / cordonsPerSecond);
}

function sendNode(i: number, cordon: { readonly sentAt: number; readonly lifted: boolean }): void {
  cordons.set(i, cordon);
  nodeVersion++;
  const object = { kind: "Node", apiVersion: "v1", ...node(i) };
  Object.assign(object.metadata, { resourceVersion: `${nodeVersion}`, annotations: { sentAt: `${cordon.sentAt}` } });
  for (const response of nodeWatches) response.write(`${JSON.stringify({ type: "MODIFIED", object })}\n`);
}

function get({ pathname, searchParams }: URL, response: ServerResponse): void {
  const resources = Object.values(RESOURCES).filter(({ group, version }) => pathname === (group === "" ? `/api/${version}` : `/apis/${group}/${version}`));
  const [, name] = /^\/api\/v1\/nodes\/node-(\d+)$/.exec(pathname) ?? [];
  if (searchParams.has("watch")) {
    response.flushHeaders();
    if (pathname === "/api/v1/pods") watchPods(response);
    if (pathname === "/api/v1/nodes") watchNodes(response);
  } else if (pathname === "/api/v1/nodes") list(response, searchParams, nodes, node);
  else if (pathname === "/api/v1/pods") list(response, searchParams, pods, (i) => pod(i, 1));
  else if (resources.length > 0) response.end(JSON.stringify({ resources: resources.map(({ plural }) => ({ name: plural })) }));
  else if (Object.values(RESOURCES).some(({ plural }) => pathname.endsWith(`/${plural}`))) list(response, searchParams, 0, node);
  else if (name !== undefined) response.end(JSON.stringify({ kind: "Node", apiVersion: "v1", ...node(Number(name)) }));
  else if (pathname.endsWith("/leases/kintsugi") && lease !== undefined) response.end(JSON.stringify(lease));
  else response.writeHead(404).end("{}");
}

async function write(request: IncomingMessage, { pathname, searchParams }: URL, response: ServerResponse): Promise<void> {
  if (pathname === "/cordons") {
    beginCordons();
    response.end("{}");
    return;
  }
  const body = (await json(request)) as object;
  const [, name] = /^\/api\/v1\/nodes\/node-(\d+)$/.exec(pathname) ?? [];
  if (pathname.endsWith("/selfsubjectaccessreviews")) response.writeHead(201).end(JSON.stringify({ status: { allowed: true } }));
  else if (pathname.includes("/leases")) {
    lease = body;
    response.writeHead(request.method === "POST" ? 201 : 200).end(JSON.stringify(lease));
  } else if (name !== undefined && searchParams.get("dryRun") === "All")
    response.end(JSON.stringify({ kind: "Node", apiVersion: "v1", ...node(Number(name)), spec: { podCIDR: "10.0.0.0/24" } }));
  else response.writeHead(405).end("{}");
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://localhost");
  response.setHeader("content-type", "application/json");
  if (request.method === "GET") get(url, response);
  else void write(request, url, response);
});
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
