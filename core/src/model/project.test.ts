import { describe, expect, it } from "vitest";
import type { ObjectOf } from "./kube.ts";
import { project } from "./project.ts";
import { redactedValue } from "./redact.ts";
import { apiVersion, KINDS, type Kind } from "./ref.ts";

const metadata = { name: "x", namespace: "shop", uid: "u1", resourceVersion: "7", creationTimestamp: "2026-01-01T00:00:00Z" };

/** Projects the fields as the API server would send them for the kind. */
function projected<K extends Kind>(kind: K, fields: object = {}): ObjectOf<K> {
  const object = project({ kind, apiVersion: apiVersion(kind), metadata, ...fields });
  if (object?.kind !== kind) throw new Error(`expected ${kind}, got ${object?.kind}`);
  return object as ObjectOf<K>;
}

describe("which objects are taken", () => {
  it.each(KINDS)("%s, with nothing but a name, has every field that its type promises", (kind) => {
    expect(projected(kind)).toMatchObject({
      kind,
      metadata: { name: "x", uid: "u1", labels: {}, annotations: {}, ownerReferences: [], finalizers: [], managers: [] },
    });
  });

  it.each(KINDS)("%s of the wrong shape throughout is no error", (kind) => {
    const wrong = {
      spec: 5,
      status: [1],
      data: "x",
      endpoints: { a: 1 },
      involvedObject: null,
      metadata: { ...metadata, labels: 3, ownerReferences: "x", managedFields: [{ fieldsV1: { "f:spec": 7 } }] },
    };
    expect(projected(kind, wrong).metadata.labels).toEqual({});
  });

  it("items of a typed list, which do not say what they are", () => {
    expect(project({ metadata }, "Node")).toMatchObject({ kind: "Node" });
  });

  it("nothing else: unknown kinds, Secrets, kinds of another group, what has no name or uid, what is no object", () => {
    expect(project({ kind: "Secret", apiVersion: "v1", metadata })).toBeUndefined();
    expect(project({ kind: "Widget", apiVersion: "v1", metadata })).toBeUndefined();
    expect(project({ kind: "Application", apiVersion: "app.k8s.io/v1beta1", metadata })).toBeUndefined();
    expect(project({ kind: "Event", apiVersion: "events.k8s.io/v1", metadata })).toBeUndefined();
    expect(project({ kind: "Pod", apiVersion: "v1", metadata }, "Node")).toBeUndefined();
    expect(project({ kind: "Status", apiVersion: "v1", code: 410 }, "Pod")).toBeUndefined();
    expect(project({ kind: "Pod", metadata: { name: "x" } })).toBeUndefined();
    expect(project({ kind: "Pod" })).toBeUndefined();
    for (const nothing of [undefined, null, 3, "x", []]) expect(project(nothing, "Pod")).toBeUndefined();
  });
});

describe("metadata", () => {
  it("keeps owners, finalizers and annotations, but not the manifest that kubectl stores in one", () => {
    const object = projected("Deployment", {
      metadata: {
        ...metadata,
        generation: 3,
        deletionTimestamp: "2026-01-02T00:00:00Z",
        finalizers: ["a"],
        annotations: { "kubectl.kubernetes.io/last-applied-configuration": "{}", "kintsugi.dev/mode": "off", repo: "https://u:p@h/x", huge: "x".repeat(5000) },
        ownerReferences: [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: "r", uid: "u2", controller: true, blockOwnerDeletion: true }],
      },
    });
    expect(object.metadata).toMatchObject({
      generation: 3,
      deletionTimestamp: "2026-01-02T00:00:00Z",
      finalizers: ["a"],
      ownerReferences: [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: "r", uid: "u2", controller: true }],
    });
    expect(object.metadata.annotations).toEqual({ "kintsugi.dev/mode": "off", repo: `${redactedValue("https://u:p@h/x")}@h` });
  });

  it("tells who manages which fields, as JSON Pointers with list items as *", () => {
    const managedFields = [
      {
        manager: "kubectl",
        operation: "Update",
        apiVersion: "apps/v1",
        time: "2026-01-01T00:00:01Z",
        fieldsType: "FieldsV1",
        fieldsV1: {
          "f:metadata": { "f:annotations": { ".": {}, "f:kintsugi.dev/mode": {} }, "f:finalizers": { 'v:"x"': {} } },
          "f:spec": {
            "f:replicas": {},
            "f:template": {
              "f:spec": {
                "f:containers": { 'k:{"name":"app"}': { ".": {}, "f:image": {}, "f:resources": { "f:limits": { "f:memory": {} } } } },
                "f:emptyish": { ".": {} },
              },
            },
          },
        },
      },
      { manager: "kube-controller-manager", operation: "Update", subresource: "status", time: "", fieldsV1: { "f:status": { "f:replicas": {} } } },
      { manager: "hpa", operation: "Update", subresource: "scale", time: "t", fieldsV1: { "f:spec": { "f:replicas": {} } } },
    ];
    expect(projected("Deployment", { metadata: { ...metadata, managedFields } }).metadata.managers).toEqual([
      {
        manager: "kubectl",
        operation: "Update",
        time: "2026-01-01T00:00:01Z",
        subresource: "",
        paths: [
          "/spec/replicas",
          "/spec/template/spec/containers/*/image",
          "/spec/template/spec/containers/*/resources/limits/memory",
          "/spec/template/spec/emptyish",
          "/metadata/annotations/kintsugi.dev~1mode",
        ],
      },
      { manager: "hpa", operation: "Update", time: "t", subresource: "scale", paths: ["/spec/replicas"] },
    ]);
    expect(projected("Pod", { metadata: { ...metadata, managedFields } }).metadata.managers).toEqual([]);
  });
});

describe("pod templates", () => {
  const container = {
    name: "app",
    image: "shop:1",
    command: ["run"],
    args: ["--password=pw1"],
    env: [
      { name: "DB_PASSWORD", value: "pw2" },
      { name: "LEVEL", value: "debug" },
      { name: "FROM", valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
      { name: "DSN", value: "postgres://u:pw3@h/d" },
    ],
    livenessProbe: { httpGet: { path: "/", port: 80, httpHeaders: [{ name: "Authorization", value: "Bearer pw4" }] } },
    readinessProbe: { exec: { command: ["check", "--token", "pw5"] } },
    lifecycle: { preStop: { exec: { command: ["bye", "--secret=pw6"] } } },
    securityContext: { runAsUser: 5 },
    terminationMessagePath: "/dev/termination-log",
  };
  const spec = {
    containers: [container],
    initContainers: [{ name: "init", image: "i", env: [{ name: "TOKEN", value: "pw7" }] }],
    volumes: [
      { name: "cfg", configMap: { name: "c" } },
      { name: "csi", csi: { driver: "d", volumeAttributes: { password: "pw8", share: "/x" } } },
    ],
    dnsPolicy: "ClusterFirst",
  };
  const template = { metadata: { labels: { app: "x" }, annotations: { "kubectl.kubernetes.io/restartedAt": "t" } }, spec };

  it("are kept whole, except for secrets", () => {
    const { template: kept } = projected("Deployment", { spec: { template } }).spec;
    expect(kept).toMatchObject({
      metadata: template.metadata,
      spec: {
        dnsPolicy: "ClusterFirst",
        volumes: [{ name: "cfg", configMap: { name: "c" } }, { csi: { driver: "d", volumeAttributes: { password: redactedValue("pw8"), share: "/x" } } }],
        containers: [
          {
            command: ["run"],
            args: [`--password=${redactedValue("pw1")}`],
            env: [
              { name: "DB_PASSWORD", value: redactedValue("pw2") },
              { name: "LEVEL", value: "debug" },
              { name: "FROM", valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
              { name: "DSN", value: `${redactedValue("postgres://u:pw3@h/d")}@h` },
            ],
            securityContext: { runAsUser: 5 },
            terminationMessagePath: "/dev/termination-log",
          },
        ],
      },
    });
  });

  it.each(["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job"] as const)("%s: no secret is left anywhere", (kind) => {
    expect(JSON.stringify(projected(kind, { spec: { template } }))).not.toMatch(/pw\d/);
  });

  it("ControllerRevision and Pod: no secret is left anywhere", () => {
    expect(JSON.stringify(projected("ControllerRevision", { revision: 2, data: { spec: { template } } }))).not.toMatch(/pw\d/);
    expect(JSON.stringify(projected("Pod", { spec }))).not.toMatch(/pw\d/);
  });

  it("the raw object is not changed", () => {
    const before = JSON.stringify(template);
    projected("Deployment", { spec: { template } });
    expect(JSON.stringify(template)).toBe(before);
  });
});

it("a Pod keeps what names its parts and states, not what admission adds to each", () => {
  const pod = projected("Pod", {
    spec: {
      nodeName: "n1",
      tolerations: [{ key: "a", operator: "Exists" }],
      enableServiceLinks: true,
      containers: [{ name: "app", image: "i", volumeMounts: [{ name: "kube-api-access-abcde", mountPath: "/var" }] }],
      initContainers: [{ name: "init", image: "i", volumeMounts: [{ name: "data", mountPath: "/d" }, { name: "kube-api-access-abcde" }] }],
      volumes: [
        { name: "data", emptyDir: {} },
        { name: "kube-api-access-abcde", projected: {} },
      ],
    },
    status: {
      phase: "Running",
      podIP: "10.0.0.1",
      startTime: "t0",
      conditions: [{ type: "Ready", status: "False", reason: "ContainersNotReady", message: "m", lastTransitionTime: "t1", lastProbeTime: null }],
      containerStatuses: [
        {
          name: "app",
          ready: false,
          started: false,
          restartCount: 4,
          image: "i",
          imageID: "sha256:x",
          state: { waiting: { reason: "CrashLoopBackOff", message: "back-off" } },
          lastState: { terminated: { exitCode: 137, reason: "OOMKilled", startedAt: "a", finishedAt: "b", containerID: "c" } },
        },
        { name: "side", ready: true, started: true, restartCount: 0, image: "s", state: { running: { startedAt: "t" } } },
      ],
    },
  });
  expect(pod.spec).toEqual({
    nodeName: "n1",
    tolerations: [{ key: "a", operator: "Exists" }],
    containers: [{ name: "app", image: "i" }],
    initContainers: [{ name: "init", image: "i", volumeMounts: [{ name: "data", mountPath: "/d" }] }],
    volumes: [{ name: "data", emptyDir: {} }],
  });
  expect(pod.status).toEqual({
    phase: "Running",
    reason: "",
    message: "",
    startTime: "t0",
    podIP: "10.0.0.1",
    conditions: [{ type: "Ready", status: "False", reason: "ContainersNotReady", message: "m", lastTransitionTime: "t1" }],
    containerStatuses: [
      {
        name: "app",
        ready: false,
        started: false,
        restartCount: 4,
        image: "i",
        state: { waiting: { reason: "CrashLoopBackOff", message: "back-off" } },
        lastState: { terminated: { exitCode: 137, reason: "OOMKilled", message: "", startedAt: "a", finishedAt: "b" } },
      },
      { name: "side", ready: true, started: true, restartCount: 0, image: "s", state: { running: { startedAt: "t" } }, lastState: {} },
    ],
    initContainerStatuses: [],
  });
});

describe("defaults are the API's own", () => {
  it("a Deployment that says nothing has one replica, ten minutes and rolls", () => {
    expect(projected("Deployment").spec).toMatchObject({ replicas: 1, progressDeadlineSeconds: 600, paused: false, strategy: "RollingUpdate" });
    expect(projected("Deployment").spec).not.toHaveProperty("maxUnavailable");
    expect(projected("Deployment", { spec: { strategy: { rollingUpdate: { maxUnavailable: "25%" } } } }).spec).not.toHaveProperty("maxUnavailable");
    expect(projected("Deployment", { spec: { strategy: { rollingUpdate: { maxUnavailable: 0 } } } }).spec.maxUnavailable).toBe(0);
    expect(projected("Deployment", { spec: { replicas: 0 } }).spec.replicas).toBe(0);
  });

  it("a Job that says nothing runs once and tries six times", () => {
    expect(projected("Job").spec).toMatchObject({ completions: 1, parallelism: 1, backoffLimit: 6, suspend: false });
    expect(projected("Job", { spec: { activeDeadlineSeconds: 5, completionMode: "Indexed" } }).spec).toMatchObject({
      activeDeadlineSeconds: 5,
      completionMode: "Indexed",
    });
  });

  it("an endpoint that says nothing about itself is ready", () => {
    const { endpoints } = projected("EndpointSlice", {
      endpoints: [
        { addresses: ["10.0.0.1", "10.0.0.2"], targetRef: { kind: "Pod", name: "p" }, nodeName: "n" },
        { addresses: ["10.0.0.3"], conditions: { ready: false }, targetRef: { kind: "Other", name: "q" } },
      ],
    });
    expect(endpoints).toEqual([
      { addresses: 2, ready: true, podName: "p", nodeName: "n" },
      { addresses: 1, ready: false, podName: "", nodeName: "" },
    ]);
  });
});

describe("the other kinds", () => {
  it("a Node: cordon, taints, conditions, what it has, its version", () => {
    const node = projected("Node", {
      spec: { unschedulable: true, taints: [{ key: "k", effect: "NoSchedule", timeAdded: "t" }], providerID: "p", podCIDR: "x" },
      status: {
        conditions: [{ type: "Ready", status: "True" }],
        allocatable: { cpu: "2", pods: 110 },
        capacity: { cpu: "2" },
        nodeInfo: { kubeletVersion: "v1.34.4" },
        images: [1],
      },
    });
    expect(node.spec).toEqual({ unschedulable: true, taints: [{ key: "k", effect: "NoSchedule", timeAdded: "t" }], providerID: "p" });
    expect(node.status).toMatchObject({ allocatable: { cpu: "2", pods: "110" }, kubeletVersion: "v1.34.4" });
    expect(Object.keys(node.status)).toEqual(["conditions", "allocatable", "capacity", "kubeletVersion"]);
  });

  it("a Service without selector says so by an empty one", () => {
    expect(projected("Service", { spec: { clusterIP: "None", ports: [{ port: 80, targetPort: "http", nodePort: 3 }] } }).spec).toEqual({
      type: "ClusterIP",
      clusterIP: "None",
      selector: {},
      ports: [{ port: 80, targetPort: "http" }],
      publishNotReadyAddresses: false,
    });
  });

  it("a ConfigMap is its keys; only our own off switch shows its values", () => {
    const data = { data: { b: "secret", a: "1" }, binaryData: { c: "AA==" } };
    expect(projected("ConfigMap", data)).toMatchObject({ keys: ["a", "b", "c"] });
    expect(JSON.stringify(projected("ConfigMap", data))).not.toContain("secret");
    expect(projected("ConfigMap", { ...data, metadata: { ...metadata, name: "kintsugi-pause" } })).not.toHaveProperty("data");
    expect(projected("ConfigMap", { ...data, metadata: { ...metadata, name: "kintsugi-pause", namespace: "kintsugi" } }).data).toEqual(data.data);
  });

  it("an Event of the old writers and of the new", () => {
    expect(
      projected("Event", {
        involvedObject: { kind: "Pod", namespace: "shop", name: "p", uid: "u", fieldPath: "spec.containers{app}" },
        type: "Warning",
        reason: "BackOff",
        message: "m",
        count: 5,
        firstTimestamp: "t1",
        lastTimestamp: "t2",
        source: { component: "kubelet" },
      }),
    ).toMatchObject({ involved: { fieldPath: "spec.containers{app}" }, count: 5, firstTimestamp: "t1", lastTimestamp: "t2", source: "kubelet" });
    const modern = {
      eventTime: "t3",
      firstTimestamp: null,
      lastTimestamp: null,
      reportingComponent: "scheduler",
      series: { count: 9, lastObservedTime: "t4" },
      source: {},
    };
    expect(projected("Event", modern)).toMatchObject({ count: 9, firstTimestamp: "t3", lastTimestamp: "t4", source: "scheduler" });
    expect(projected("Event", { eventTime: "t3" })).toMatchObject({ count: 1, firstTimestamp: "t3", lastTimestamp: "t3" });
  });

  it("an Application: its repository without credentials, and what it tracks", () => {
    const status = { resources: [{ group: "apps", version: "v1", kind: "Deployment", namespace: "shop", name: "x", status: "Synced" }] };
    expect(projected("Application", { spec: { source: { repoURL: "https://u:p@git/x", path: "deploy" } }, status })).toMatchObject({
      repoURL: "https://git/x",
      path: "deploy",
      resources: [{ group: "apps", kind: "Deployment", namespace: "shop", name: "x" }],
    });
    expect(projected("Application", { spec: { sources: [{ repoURL: "https://git/y", chart: "c" }] } })).toMatchObject({ repoURL: "https://git/y", path: "c" });
  });

  it("the rest, by what the engine reads of them", () => {
    expect(projected("Namespace", { status: { phase: "Active" } }).status).toEqual({ phase: "Active" });
    expect(projected("PersistentVolumeClaim", { spec: { volumeName: "v" }, status: { phase: "Bound" } })).toMatchObject({
      spec: { volumeName: "v" },
      status: { phase: "Bound" },
    });
    expect(projected("ResourceQuota", { spec: { hard: { pods: "5" } }, status: { hard: { pods: "5" }, used: { pods: "4" } } }).status).toEqual({
      hard: { pods: "5" },
      used: { pods: "4" },
    });
    expect(projected("LimitRange", { spec: { limits: [{ type: "Container", max: { memory: "1Gi" }, defaultRequest: {} }] } }).spec.limits).toEqual([
      { type: "Container", max: { memory: "1Gi" } },
    ]);
    const ratio = [{ type: "Pod", maxLimitRequestRatio: { memory: 2 } }];
    expect(projected("LimitRange", { spec: { limits: ratio } }).spec.limits).toEqual([{ type: "Pod", maxLimitRequestRatio: { memory: "2" } }]);
    expect(projected("PodDisruptionBudget", { spec: { selector: { matchLabels: { a: "b" } } }, status: { disruptionsAllowed: 1 } })).toMatchObject({
      spec: { selector: { matchLabels: { a: "b" } } },
      status: { disruptionsAllowed: 1, currentHealthy: 0 },
    });
    expect(projected("HorizontalPodAutoscaler", { spec: { scaleTargetRef: { kind: "Deployment", name: "x" }, maxReplicas: 5 } }).spec).toEqual({
      target: { kind: "Deployment", name: "x" },
      minReplicas: 1,
      maxReplicas: 5,
    });
    expect(projected("CronJob", { spec: { schedule: "* * * * *" }, status: { lastScheduleTime: "t" } })).toMatchObject({
      spec: { schedule: "* * * * *", suspend: false },
      status: { lastScheduleTime: "t" },
    });
    expect(projected("StatefulSet", { status: { currentRevision: "a", updateRevision: "b" } })).toMatchObject({
      spec: { podManagementPolicy: "OrderedReady" },
      status: { currentRevision: "a" },
    });
    expect(projected("DaemonSet", { status: { desiredNumberScheduled: 3 } }).status.desiredNumberScheduled).toBe(3);
    expect(projected("ControllerRevision", { revision: 4, data: {} })).toMatchObject({ revision: 4, template: undefined });
    const conditions = [{ type: "Progressing", status: "True", reason: "", message: "", lastTransitionTime: "t" }];
    expect(projected("ClusterVersion", { status: { conditions } }).status.conditions).toEqual(conditions);
    expect(projected("MachineConfigPool", { status: { conditions } }).status.conditions).toEqual(conditions);
    const selector = {
      matchExpressions: [
        { key: "a", operator: "In", values: ["b"] },
        { key: "c", operator: "Exists" },
      ],
    };
    expect(projected("ReplicaSet", { spec: { selector } }).spec.selector).toEqual(selector);
  });
});
