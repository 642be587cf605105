import { expect, test } from "vitest";
import { parse } from "yaml";
import type { PatchOp } from "../model/step.ts";
import { CART, cart, evictPlan, imagePlan } from "../testing/decide-input.ts";
import { offerPatch } from "./patch-offer.ts";

const target = { ...CART, uid: cart.metadata.uid };
const offer = (...patch: PatchOp[]) => parse(offerPatch(imagePlan({ steps: [{ verb: "patch", target, patch }] }), "git") ?? "") as { spec: object };

test("the change as a patch that can be committed, containers by name", () => {
  expect(offerPatch(imagePlan(), "Argo CD application shop (https://git.test/shop.git deploy)")).toBe(
    `# Roll back Deployment shop/cart to revision 1. To commit in: Argo CD application shop (https://git.test/shop.git deploy)
apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart
  namespace: shop
spec:
  template:
    spec:
      containers:
        - name: app
          image: registry.test/cart:1
`,
  );
});

test("text from the cluster stays within the comment", () => {
  const text = offerPatch(imagePlan(), "x\nkind: Secret\r\n---\nmetadata: {}") ?? "";
  expect(parse(text)).toMatchObject({ kind: "Deployment", metadata: { name: "cart" } });
});

test("several changes of one container are one item, a field to be removed is null, keys are unescaped", () => {
  const base = "/spec/template/spec/containers/1";
  const patched = offer(
    { op: "test", path: `${base}/name`, value: "side" },
    { op: "replace", path: `${base}/image`, value: "s:1" },
    { op: "remove", path: `${base}/livenessProbe` },
    { op: "add", path: "/spec/template/metadata/annotations/example.test~1a", value: "b" },
  );
  expect(patched.spec).toEqual({
    template: { metadata: { annotations: { "example.test/a": "b" } }, spec: { containers: [{ name: "side", image: "s:1", livenessProbe: null }] } },
  });
});

test("items that must go from a list that is merged by name are named as going", () => {
  const path = "/spec/template/spec/containers/0/env";
  const patched = offer(
    { op: "test", path: "/spec/template/spec/containers/0/name", value: "app" },
    { op: "test", path, value: [{ name: "A" }, { name: "B" }] },
    { op: "replace", path, value: [{ name: "A" }] },
  );
  expect(patched.spec).toMatchObject({ template: { spec: { containers: [{ name: "app", env: [{ name: "A" }, { name: "B", $patch: "delete" }] }] } } });
});

test("a plan that patches nothing leaves nothing to commit", () => {
  expect(offerPatch(evictPlan(), "git")).toBeUndefined();
});
