import { describe, expect, test } from "vitest";
import type { Meta } from "../../model/kube.ts";
import type { Application } from "../../model/kube-extensions.ts";
import { cart, cartPods, decideInput, evictPlan, type Given, imagePlan } from "../../testing/decide-input.ts";
import { meta } from "../../testing/objects.ts";
import { ownership } from "./ownership.ts";

const cartWith = (over: Partial<Meta>) => ({ ...cart, metadata: { ...cart.metadata, ...over } });
const check = (over: Partial<Meta>, given: Given = {}) => ownership.check(decideInput({ ...given, objects: [cartWith(over), ...(given.objects ?? [])] }));
const instance = { labels: { "app.kubernetes.io/instance": "shop" } };
const application: Application = {
  kind: "Application",
  metadata: meta("Application", "shop-app", { namespace: "argocd" }),
  resources: [{ group: "apps", kind: "Deployment", namespace: "shop", name: "cart" }],
  repoURL: "https://git.test/shop.git",
  path: "deploy",
};

test("a plain object may be changed", () => {
  expect(check({}).answer).toBe("pass");
  expect(check({ labels: { "app.kubernetes.io/managed-by": "kustomize" } }).answer).toBe("pass");
});

describe("Helm", () => {
  const helm = { labels: { "app.kubernetes.io/managed-by": "Helm" }, annotations: { "meta.helm.sh/release-name": "shop" } };

  test("an action that leaves the rendered spec alone passes, over the whole owner chain", () => {
    expect(check(helm, { plan: evictPlan() }).answer).toBe("pass");
  });

  test("a change of the spec asks, and offers the change for the values", () => {
    expect(check(helm)).toMatchObject({ answer: "ask", reason: expect.stringContaining("Helm release shop"), offer: expect.stringContaining("image:") });
  });
});

describe("GitOps holds, with a patch ready to commit", () => {
  test.each([
    ["Argo CD's tracking id", { annotations: { "argocd.argoproj.io/tracking-id": "shop:apps/Deployment:shop/cart" } }, "Argo CD application shop"],
    ["Argo CD's own label", { labels: { "argocd.argoproj.io/instance": "shop" } }, "Argo CD application shop"],
    ["Flux Kustomization", { labels: { "kustomize.toolkit.fluxcd.io/name": "apps", "kustomize.toolkit.fluxcd.io/namespace": "flux" } }, "Flux flux/apps"],
    ["Flux HelmRelease", { labels: { "helm.toolkit.fluxcd.io/name": "shop" }, annotations: { "meta.helm.sh/release-name": "shop" } }, "Flux shop"],
    ["managed-by argocd", { labels: { "app.kubernetes.io/managed-by": "argocd" } }, "Argo CD"],
    ["managed-by flux", { labels: { "app.kubernetes.io/managed-by": "flux" } }, "Flux"],
  ] as const)("%s", (_, over, name) => {
    expect(check(over)).toMatchObject({ answer: "block", reason: expect.stringContaining(name), offer: expect.stringContaining("kind: Deployment") });
  });

  test("an Application that lists the object owns it, label or not, and says where its source is", () => {
    const given = { objects: [application], health: { Application: "live" } } as const;
    expect(check({}, given)).toMatchObject({ answer: "block", reason: expect.stringContaining("shop-app (https://git.test/shop.git deploy)") });
  });

  test("it holds for the pods too, and there is nothing to commit for an eviction", () => {
    const answer = check({ labels: { "argocd.argoproj.io/instance": "shop" } }, { plan: evictPlan() });
    expect(answer.answer).toBe("block");
    expect(answer.offer).toBeUndefined();
  });
});

describe("the label app.kubernetes.io/instance alone", () => {
  test.each([
    ["means nothing where Argo CD is not installed", { Application: "not-served" }, {}, "pass"],
    ["means nothing where no Application lists the object", { Application: "live" }, {}, "pass"],
    ["holds where Applications are served and cannot be read", { Application: "forbidden" }, {}, "unknown"],
    ["means Argo CD where the policy says that it runs elsewhere", { Application: "not-served" }, { argoElsewhere: true }, "block"],
  ] as const)("%s", (_, health, spec, answer) => {
    expect(check(instance, { health, spec }).answer).toBe(answer);
  });

  test("objects without it are plain although Applications cannot be read", () => {
    expect(check({}, { health: { Application: "forbidden" } }).answer).toBe("pass");
  });
});

describe("an operator", () => {
  const ownedBy = (apiVersion: string, kind: string, controller = true) => ({ ownerReferences: [{ apiVersion, kind, name: "db", uid: "u", controller }] });

  test.each([
    ["an owner of a kind that is not Kubernetes' own", ownedBy("postgresql.cnpg.io/v1", "Cluster"), "Cluster db"],
    ["such an owner that is no controller", ownedBy("example.test/v1", "Shop", false), "Shop db"],
    ["a kind of the same name in another group", ownedBy("serving.knative.dev/v1", "Service"), "Service db"],
    ["managed-by naming one", { labels: { "app.kubernetes.io/managed-by": "shop-operator" } }, "shop-operator"],
    ["an operator's lifecycle manager", { labels: { "olm.owner": "shop.v1" } }, "shop.v1"],
  ])("%s holds", (_, over, name) => {
    expect(check(over)).toMatchObject({ answer: "block", reason: expect.stringContaining(name) });
  });
});

test("an owner that is not there leaves it unknown", () => {
  expect(check({ ownerReferences: [{ apiVersion: "apps/v1", kind: "Deployment", name: "other", uid: "u", controller: true }] })).toMatchObject({
    answer: "unknown",
    reason: expect.stringContaining("Deployment shop/other is not there"),
  });
});

test("of several objects the one that would put things back decides", () => {
  const argo = cartWith({ labels: { "argocd.argoproj.io/instance": "shop" } });
  const plan = imagePlan({ steps: [...imagePlan().steps, ...evictPlan().steps] });
  expect(ownership.check(decideInput({ plan, objects: [argo, ...cartPods] })).answer).toBe("block");
});
