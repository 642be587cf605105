import { expect, test } from "vitest";
import { container, template } from "../testing/objects.ts";
import { configReferences, missingInMessage, referenceText, refersTo } from "./config-reference.ts";

test.each([
  ['configmap "cart-conf" not found', { kind: "ConfigMap", name: "cart-conf" }],
  ['secret "cart-keys" not found', { kind: "Secret", name: "cart-keys" }],
  ["couldn't find key app.conf in ConfigMap shop/cart-conf", { kind: "ConfigMap", name: "cart-conf", key: "app.conf" }],
  ["couldn't find key token in Secret shop/cart-keys", { kind: "Secret", name: "cart-keys", key: "token" }],
  ['MountVolume.SetUp failed for volume "keys" : secret "cart-keys" not found', { kind: "Secret", name: "cart-keys" }],
  ["container has runAsNonRoot and image will run as root", undefined],
])("the kubelet's %s", (message, expected) => {
  expect(missingInMessage(message)).toEqual(expected);
});

const { spec } = template({
  containers: [
    container({
      env: [
        { name: "A", valueFrom: { configMapKeyRef: { name: "conf", key: "a" } } },
        { name: "B", valueFrom: { secretKeyRef: { name: "keys", key: "b" } } },
        { name: "C", valueFrom: { configMapKeyRef: { name: "maybe", key: "c", optional: true } } },
      ],
      envFrom: [{ configMapRef: { name: "all" } }, { secretRef: { name: "perhaps", optional: true } }],
    }),
  ],
  spec: {
    volumes: [
      { name: "v", configMap: { name: "files", items: [{ key: "k", path: "k" }] } },
      { name: "s", secret: { secretName: "cert" } },
    ],
  },
});

test("every reference that is not optional is found: env, envFrom, volumes and their items", () => {
  expect(configReferences(spec).map(referenceText)).toEqual([
    "ConfigMap all",
    "ConfigMap conf (key a)",
    "Secret keys (key b)",
    "ConfigMap files",
    "ConfigMap files (key k)",
    "Secret cert",
  ]);
});

test("a spec refers to an object by any of its keys, and to a key only by that key", () => {
  expect(refersTo(spec, { kind: "ConfigMap", name: "conf" })).toBe(true);
  expect(refersTo(spec, { kind: "ConfigMap", name: "conf", key: "a" })).toBe(true);
  expect(refersTo(spec, { kind: "ConfigMap", name: "conf", key: "z" })).toBe(false);
  expect(refersTo(spec, { kind: "Secret", name: "conf" })).toBe(false);
});
