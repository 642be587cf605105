/** What a container needs and does not get: an image, its configuration, memory, disk. */
import { cart, configMap, container, mounted, optionalFiles, podTemplate, probe, quota, statefulSet } from "./manifests.ts";
import { CART, idleCart, retemplate } from "./rollouts.ts";
import type { Scene } from "./scene.ts";
import { SCRIPTS } from "./scripts.ts";
import { both, hasEvent, readyPods, says, somePod, waits } from "./signs.ts";

const CONF = configMap("cart-conf", { "app.conf": "x" });
const needsConf = { env: [{ name: "CONF", valueFrom: { configMapKeyRef: { name: "cart-conf", key: "app.conf" } } }] };
const missingTag = { ...idleCart, mode: "image-not-found", hurt: retemplate({ image: "localhost/busybox:no-such-tag" }), shows: waits("ImagePullBackOff", 0) };
const isEvicted = somePod((pod) => pod.status.reason === "Evicted");

const IMAGES: readonly Scene[] = [
  { ...missingTag, name: "image-not-found" },
  {
    ...missingTag,
    name: "image-not-found-in-registry",
    wants: "a registry on port 80 of the node that answers 404, as to whoever asks for a tag that it lacks",
  },
  { ...idleCart, name: "image-invalid-name", mode: "image-not-found", hurt: retemplate({ image: "Localhost/Busybox:1" }), shows: waits("InvalidImageName", 0) },
];

const CONFIG: readonly Scene[] = [
  {
    name: "missing-configmap",
    mode: "missing-config",
    subject: CART,
    start: [CONF, cart(SCRIPTS.idle, needsConf)],
    isWell: readyPods(2),
    hurt: [{ type: "remove", kind: "ConfigMap", name: "cart-conf" }, { type: "remove-pods" }],
    shows: waits("CreateContainerConfigError", 0),
  },
  {
    ...idleCart,
    name: "missing-key-after-rollout",
    mode: "missing-config",
    start: [configMap("cart-conf", { other: "x" }), cart()],
    hurt: retemplate(needsConf),
    shows: waits("CreateContainerConfigError", 0),
  },
  {
    ...idleCart,
    name: "missing-configmap-volume",
    mode: "missing-config",
    hurt: retemplate(mounted("conf"), { volumes: [{ name: "conf", configMap: { name: "cart-conf" } }] }),
    shows: hasEvent("FailedMount", '"cart-conf" not found'),
  },
  {
    ...idleCart,
    name: "missing-secret-volume",
    mode: "missing-config",
    hurt: retemplate(mounted("keys"), { volumes: [{ name: "keys", secret: { secretName: "cart-keys" } }] }),
    shows: hasEvent("FailedMount", '"cart-keys" not found'),
  },
];

const MEMORY: readonly Scene[] = [
  {
    name: "oom-undersized",
    mode: "oom-killed",
    subject: CART,
    start: [cart(SCRIPTS.fillsMemory, { resources: { limits: { memory: "24Mi" } } })],
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
    start: [cart(SCRIPTS.sleeps, { resources: { limits: { memory: "24Mi" } } })],
    hurt: retemplate(container(SCRIPTS.fillsMemory)),
    shows: waits("CrashLoopBackOff", 2, "OOMKilled"),
  },
];

export const NEEDS: readonly Scene[] = [
  ...IMAGES,
  ...CONFIG,
  ...MEMORY,
  {
    name: "evicted-leftovers",
    mode: "evicted-leftovers",
    subject: CART,
    start: [
      configMap("fill", { now: "yes" }),
      cart(SCRIPTS.fillsDisk, mounted("fill", "scratch"), { volumes: [optionalFiles("fill"), { name: "scratch", emptyDir: { sizeLimit: "2Mi" } }] }),
    ],
    isWell: isEvicted,
    hurt: [{ type: "remove", kind: "ConfigMap", name: "fill" }],
    shows: both(isEvicted, readyPods(2)),
  },
  {
    name: "quota-exceeded",
    mode: "quota-exceeded",
    subject: CART,
    start: [quota("compute", { "requests.memory": "48Mi" }), cart(SCRIPTS.idle, { resources: { requests: { memory: "32Mi" }, limits: { memory: "32Mi" } } })],
    shows: says("Deployment", "ReplicaFailure"),
    differs: {
      "trouble · Deployment: Progressing=True ReplicaSetUpdated with ReplicaFailure=True FailedCreate":
        "here requests take no time, so the Deployment may be looked at only after its ReplicaSet was twice; on a real cluster that one first asks for the refused pod again",
    },
  },
  {
    name: "readiness-one-stuck",
    mode: "readiness-failing",
    subject: { kind: "StatefulSet", name: "store" },
    start: [statefulSet("store", podTemplate("store", [container(SCRIPTS.oneGetsStuck, probe("/tmp/ok"))]), 3)],
    isWell: readyPods(3),
    shows: both(hasEvent("Unhealthy"), readyPods(2)),
    becomes: { fact: "stuck", pod: "store-1", afterMs: 25_000 },
  },
];
