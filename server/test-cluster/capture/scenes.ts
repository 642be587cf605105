/** What is broken for each fixture, and when its picture is taken. */
import type { ClusterObject, Kind, Pod } from "@kintsugi/core";
import type { KubeObject, Person } from "../harness/person.ts";
import { configMap, container, deployment, IDLE, job, podTemplate, quota, service, statefulSet } from "./manifests.ts";

export interface Scene {
  readonly name: string;
  /** The failure mode that the picture shows. */
  readonly mode: string;
  readonly subject: { readonly kind: Kind; readonly name: string };
  /** Applied first; a picture `before` is taken once `isWell` holds. */
  readonly start: (namespace: string) => readonly KubeObject[];
  readonly isWell?: (objects: readonly ClusterObject[]) => boolean;
  readonly hurt?: (person: Person, namespace: string) => Promise<void>;
  readonly shows: (objects: readonly ClusterObject[]) => boolean;
  /** Puts back what is outside of its namespace. */
  readonly mend?: (person: Person) => Promise<void>;
  /** Something that only a person at the machine can break; taken when it is named. */
  readonly byHand?: true;
}

const pods = (objects: readonly ClusterObject[]) => objects.filter((object): object is Pod => object.kind === "Pod");
/** A container waits for this reason after so many restarts; `ended`: how its last run ended. */
const waits = (reason: string, restarts: number, ended?: string) => (objects: readonly ClusterObject[]) =>
  pods(objects)
    .flatMap((pod) => pod.status.containerStatuses)
    .some(
      ({ state, lastState, restartCount }) =>
        state.waiting?.reason === reason && restartCount >= restarts && (ended === undefined || lastState.terminated?.reason === ended),
    );
const readyPods = (count: number) => (objects: readonly ClusterObject[]) => pods(objects).filter(isReady).length >= count;
const isReady = (pod: Pod) => pod.status.conditions.some((condition) => condition.type === "Ready" && condition.status === "True");
const isDown = (node: ClusterObject) =>
  node.kind === "Node" && node.status.conditions.some((condition) => condition.type === "Ready" && condition.status !== "True");
const hasEvent = (objects: readonly ClusterObject[], reason: string, words = "") =>
  objects.some((object) => object.kind === "Event" && object.reason === reason && object.message.includes(words));

const cart = (namespace: string, script = IDLE, over = {}, spec = {}) => deployment(namespace, "cart", podTemplate("cart", [container(script, over)], spec));
const retemplate =
  (over: object, spec: object = {}) =>
  async (person: Person, namespace: string) => {
    const containers = [{ name: "app", ...over }];
    await person.patch("apps/v1", "Deployment", namespace, "cart", { spec: { template: { spec: { containers, ...spec } } } });
  };
const CART = { kind: "Deployment", name: "cart" } as const;
const idleCart = { subject: CART, start: (namespace: string) => [cart(namespace)], isWell: readyPods(2) };
const probe = (path: string) => ({ readinessProbe: { exec: { command: ["test", "-e", path] }, periodSeconds: 2, failureThreshold: 2 } });
const needsConf = { env: [{ name: "CONF", valueFrom: { configMapKeyRef: { name: "cart-conf", key: "app.conf" } } }] };
const confVolume = { volumes: [{ name: "conf", configMap: { name: "cart-conf" } }] };
const keysVolume = { volumes: [{ name: "keys", secret: { secretName: "cart-keys" } }] };
const mounted = (name: string) => ({ volumeMounts: [{ name, mountPath: "/etc/cart" }] });

export const SCENES: readonly Scene[] = [
  {
    name: "crash-loop",
    mode: "crash-loop",
    subject: CART,
    start: (ns) => [cart(ns, "echo starting; sleep 2; exit 3")],
    shows: waits("CrashLoopBackOff", 3),
  },
  {
    ...idleCart,
    name: "bad-rollout-crash",
    mode: "bad-rollout",
    hurt: retemplate({ command: ["sh", "-c", "sleep 1; exit 1"] }),
    shows: waits("CrashLoopBackOff", 3),
  },
  {
    ...idleCart,
    name: "bad-rollout-readiness",
    mode: "bad-rollout",
    start: (ns) => [cart(ns, IDLE, probe("/bin"))],
    hurt: retemplate(probe("/nowhere")),
    shows: (objects) =>
      pods(objects).some((pod) => pod.status.containerStatuses.some((status) => !status.ready && status.started)) && hasEvent(objects, "Unhealthy"),
  },
  {
    ...idleCart,
    name: "bad-command-start-error",
    mode: "bad-command",
    hurt: retemplate({ command: ["serve"] }),
    shows: waits("CrashLoopBackOff", 1, "StartError"),
  },
  {
    ...idleCart,
    name: "bad-command-exit-127",
    mode: "bad-command",
    hurt: retemplate({ command: ["sh", "-c", "serve"] }),
    shows: waits("CrashLoopBackOff", 3),
  },
  {
    name: "oom-undersized",
    mode: "oom-killed",
    subject: CART,
    start: (ns) => [cart(ns, "sleep 1; tail /dev/zero", { resources: { limits: { memory: "24Mi" } } })],
    shows: waits("CrashLoopBackOff", 2, "OOMKilled"),
  },
  {
    ...idleCart,
    name: "oom-limit-below-start",
    mode: "oom-killed",
    hurt: retemplate({ resources: { limits: { memory: "1Mi" } } }),
    shows: (objects) => objects.some((object) => object.kind === "Event" && object.message.includes("OOM-killed")),
  },
  {
    ...idleCart,
    name: "oom-after-rollout",
    mode: "oom-killed",
    start: (ns) => [cart(ns, "tail /dev/null; sleep 3600", { resources: { limits: { memory: "24Mi" } } })],
    hurt: retemplate({ command: ["sh", "-c", "sleep 1; tail /dev/zero"] }),
    shows: waits("CrashLoopBackOff", 2, "OOMKilled"),
  },
  {
    name: "readiness-one-stuck",
    mode: "readiness-failing",
    subject: { kind: "StatefulSet", name: "store" },
    start: (ns) => [
      statefulSet(
        ns,
        "store",
        podTemplate("store", [container(`touch /tmp/ok; [ $(hostname) = store-1 ] && (sleep 15; rm /tmp/ok) & ${IDLE}`, probe("/tmp/ok"))]),
        3,
      ),
    ],
    isWell: readyPods(3),
    shows: (objects) => hasEvent(objects, "Unhealthy") && pods(objects).filter(isReady).length === 2,
  },
  {
    ...idleCart,
    name: "image-not-found",
    mode: "image-not-found",
    hurt: retemplate({ image: "localhost/busybox:no-such-tag" }),
    shows: waits("ImagePullBackOff", 0),
  },
  {
    ...idleCart,
    name: "image-not-found-in-registry",
    mode: "image-not-found",
    // Wants a registry on port 80 of the node that answers 404, as one does to whoever asks for a tag that it lacks.
    byHand: true,
    hurt: retemplate({ image: "localhost/busybox:no-such-tag" }),
    shows: waits("ImagePullBackOff", 0),
  },
  { ...idleCart, name: "image-invalid-name", mode: "image-not-found", hurt: retemplate({ image: "Localhost/Busybox:1" }), shows: waits("InvalidImageName", 0) },
  {
    name: "missing-configmap",
    mode: "missing-config",
    subject: CART,
    start: (ns) => [configMap(ns, "cart-conf", { "app.conf": "x" }), cart(ns, IDLE, needsConf)],
    isWell: readyPods(2),
    hurt: async (person, ns) => {
      await person.remove("v1", "ConfigMap", ns, "cart-conf");
      for (const pod of await person.list("v1", "Pod", ns)) await person.remove("v1", "Pod", ns, pod.metadata.name);
    },
    shows: waits("CreateContainerConfigError", 0),
  },
  {
    ...idleCart,
    name: "missing-key-after-rollout",
    mode: "missing-config",
    start: (ns) => [configMap(ns, "cart-conf", { other: "x" }), cart(ns)],
    hurt: retemplate(needsConf),
    shows: waits("CreateContainerConfigError", 0),
  },
  {
    ...idleCart,
    name: "missing-configmap-volume",
    mode: "missing-config",
    hurt: retemplate(mounted("conf"), confVolume),
    shows: (objects) => hasEvent(objects, "FailedMount", '"cart-conf" not found'),
  },
  {
    ...idleCart,
    name: "missing-secret-volume",
    mode: "missing-config",
    hurt: retemplate(mounted("keys"), keysVolume),
    shows: (objects) => hasEvent(objects, "FailedMount", '"cart-keys" not found'),
  },
  {
    name: "evicted-leftovers",
    mode: "evicted-leftovers",
    subject: CART,
    start: (ns) => [
      configMap(ns, "fill", { now: "yes" }),
      cart(
        ns,
        `[ -e /fill/now ] && dd if=/dev/zero of=/scratch/x bs=1M count=8; sleep 3600`,
        { volumeMounts: ["fill", "scratch"].map((name) => ({ name, mountPath: `/${name}` })) },
        {
          volumes: [
            { name: "fill", configMap: { name: "fill", optional: true } },
            { name: "scratch", emptyDir: { sizeLimit: "2Mi" } },
          ],
        },
      ),
    ],
    isWell: (objects) => pods(objects).some((pod) => pod.status.reason === "Evicted"),
    hurt: async (person, ns) => person.remove("v1", "ConfigMap", ns, "fill"),
    shows: (objects) => pods(objects).some((pod) => pod.status.reason === "Evicted") && pods(objects).filter(isReady).length === 2,
  },
  {
    ...idleCart,
    name: "unschedulable-after-rollout",
    mode: "unschedulable",
    hurt: retemplate({ resources: { requests: { cpu: "500" } } }, { nodeSelector: null }),
    shows: (objects) => hasEvent(objects, "FailedScheduling"),
  },
  {
    ...idleCart,
    name: "scaled-to-zero",
    mode: "scaled-to-zero",
    start: (ns) => [cart(ns), service(ns, "cart")],
    hurt: async (person, ns) => {
      await person.patch("apps/v1", "Deployment", ns, "cart", { spec: { replicas: 0 } });
    },
    shows: (objects) => pods(objects).length === 0,
  },
  {
    name: "failed-job",
    mode: "failed-job",
    subject: { kind: "Job", name: "report" },
    start: (ns) => [job(ns, "report", "exit 4", 1)],
    shows: (objects) => objects.some((object) => object.kind === "Job" && object.status.conditions.some((c) => c.type === "Failed" && c.status === "True")),
  },
  {
    name: "quota-exceeded",
    mode: "quota-exceeded",
    subject: CART,
    start: (ns) => [
      quota(ns, "compute", { "requests.memory": "48Mi" }),
      cart(ns, IDLE, { resources: { requests: { memory: "32Mi" }, limits: { memory: "32Mi" } } }),
    ],
    shows: (objects) => objects.some((object) => object.kind === "Deployment" && object.status.conditions.some((c) => c.type === "ReplicaFailure")),
  },
  {
    ...idleCart,
    name: "service-selector",
    mode: "service-without-endpoints",
    subject: { kind: "Service", name: "cart" },
    start: (ns) => [cart(ns), service(ns, "cart")],
    hurt: async (person, ns) => {
      await person.patch("v1", "Service", ns, "cart", { spec: { selector: { app: "cart", tier: "web" } } });
    },
    shows: (objects) => objects.some((object) => object.kind === "EndpointSlice" && object.endpoints.length === 0),
  },
  {
    name: "healthy-one-restart",
    mode: "",
    subject: CART,
    start: (ns) => [
      cart(
        ns,
        `[ -e /keep/ran ] || { touch /keep/ran; sleep 2; exit 1; }; ${IDLE}`,
        { volumeMounts: [{ name: "keep", mountPath: "/keep" }] },
        { volumes: [{ name: "keep", emptyDir: {} }] },
      ),
    ],
    shows: (objects) => pods(objects).filter((pod) => isReady(pod) && pod.status.containerStatuses.some((status) => status.restartCount === 1)).length === 2,
  },
  {
    name: "healthy-job-after-failure",
    mode: "",
    subject: { kind: "Job", name: "report" },
    start: (ns) => [job(ns, "report", `[ $(date +%s) -gt ${Math.floor(Date.now() / 1000) + 25} ]`, 20)],
    shows: (objects) =>
      objects.some(
        (object) => object.kind === "Job" && object.status.failed > 0 && object.status.conditions.some((c) => c.type === "Complete" && c.status === "True"),
      ),
  },
  {
    ...idleCart,
    name: "healthy-slow-rollout",
    mode: "",
    start: (ns) => [
      cart(ns, `sleep 4; touch /tmp/ok; ${IDLE}`, {
        readinessProbe: { exec: { command: ["test", "-e", "/tmp/ok"] }, periodSeconds: 1, initialDelaySeconds: 3 },
      }),
    ],
    hurt: retemplate({ env: [{ name: "VERSION", value: "2" }], readinessProbe: { initialDelaySeconds: 300 } }),
    shows: (objects) => pods(objects).some((pod) => pod.status.containerStatuses.some((status) => status.started && !status.ready)),
  },
  {
    name: "forgotten-cordon",
    mode: "forgotten-cordon",
    subject: { kind: "Node", name: "vnode-0" },
    start: () => [],
    hurt: async (person) => {
      await person.patch("v1", "Node", "", "vnode-0", { spec: { unschedulable: true } });
    },
    shows: (objects) => objects.some((object) => object.kind === "Node" && object.spec.taints.some((taint) => taint.timeAdded !== undefined)),
    mend: async (person) => {
      await person.patch("v1", "Node", "", "vnode-0", { spec: { unschedulable: false } });
    },
  },
  {
    name: "storm-two-nodes",
    mode: "storm",
    subject: { kind: "Node", name: "node-0" },
    byHand: true,
    start: () => [],
    shows: (objects) => objects.filter((object) => object.kind === "Node" && isDown(object)).length >= 2,
  },
];
