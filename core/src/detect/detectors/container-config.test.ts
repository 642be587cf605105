import { expect, test } from "vitest";
import { configMap, event } from "../../testing/more-objects.ts";
import { at, container, pod, waiting } from "../../testing/objects.ts";
import { look, settled } from "../../testing/scenes.ts";
import { containerConfigDetector } from "./container-config.ts";

const withEnv = { containers: [container({ envFrom: [{ configMapRef: { name: "cart-conf" } }] })] };
const withVolume = { spec: { volumes: [{ name: "conf", configMap: { name: "cart-conf" } }] } };
const withSecret = { spec: { volumes: [{ name: "keys", secret: { secretName: "cart-keys" } }] } };
const refused = (message: string) =>
  settled({
    template: withEnv,
    pods: (set) => [pod("cart-1-a", { ownedBy: set, phase: "Pending", statuses: [waiting("CreateContainerConfigError", message)] })],
  });
const creating = (template: object) =>
  settled({ template, pods: (set) => [pod("cart-1-a", { ownedBy: set, phase: "Pending", statuses: [waiting("ContainerCreating")] })] });

test("a ConfigMap that the kubelet names as missing is reported, and is the cause", () => {
  const { finding } = look(containerConfigDetector, { objects: refused('configmap "cart-conf" not found'), now: 120 });
  expect(finding?.cause).toEqual({ kind: "ConfigMap", namespace: "shop", name: "cart-conf" });
  expect(finding?.summary).toContain("ConfigMap cart-conf is missing");
});

test("a missing key of a Secret is reported, and the Secret is the cause by its name alone", () => {
  const { finding } = look(containerConfigDetector, { objects: refused("couldn't find key token in Secret shop/cart-keys"), now: 120 });
  expect(finding?.summary).toContain("Secret cart-keys (key token) is missing");
  expect(finding?.cause).toEqual({ kind: "Secret", namespace: "shop", name: "cart-keys" });
});

test("applied in the wrong order it heals by itself: the start gets its window", () => {
  expect(look(containerConfigDetector, { objects: refused('configmap "cart-conf" not found'), now: 30 })).toEqual({ recheckAt: at(90) });
});

test("a volume whose ConfigMap does not exist keeps the pod in ContainerCreating, and is seen by looking", () => {
  const { finding } = look(containerConfigDetector, { objects: creating(withVolume), now: 120 });
  expect(finding?.cause?.name).toBe("cart-conf");
});

test("a volume whose Secret is missing is known from the FailedMount event", () => {
  const objects = creating(withSecret);
  const victim = objects.find((object) => object.kind === "Pod");
  if (victim === undefined) throw new Error("the scene has no pod");
  const mount = event(victim, "FailedMount", 'MountVolume.SetUp failed for volume "keys" : secret "cart-keys" not found', 60);
  expect(look(containerConfigDetector, { objects: [...objects, mount], now: 120 }).finding?.summary).toContain("Secret cart-keys is missing");
  expect(look(containerConfigDetector, { objects, now: 120 })).toEqual({});
});

test("a pod that is created slowly while all it needs is there stays silent", () => {
  expect(look(containerConfigDetector, { objects: [...creating(withVolume), configMap("cart-conf")], now: 600 })).toEqual({});
});

test("an optional ConfigMap may be missing", () => {
  const optional = { spec: { volumes: [{ name: "conf", configMap: { name: "cart-conf", optional: true } }] } };
  expect(look(containerConfigDetector, { objects: creating(optional), now: 600 })).toEqual({});
});

test("where ConfigMaps cannot be seen their absence is not claimed", () => {
  expect(look(containerConfigDetector, { objects: creating(withVolume), now: 600, health: { ConfigMap: "forbidden" } })).toEqual({});
});
