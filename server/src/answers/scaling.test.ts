import type { ClusterObject, Ownership } from "@kintsugi/core";
import { viewOf } from "@kintsugi/core/testing/array-view";
import { autoscaler, node, quota } from "@kintsugi/core/testing/more-objects";
import { container, deployment, ref, template } from "@kintsugi/core/testing/objects";
import { expect, test } from "vitest";
import { scalingImpact } from "./scaling.ts";

const CART = deployment("cart", { spec: { template: template({ containers: [container({ resources: { requests: { cpu: "1", memory: "1Gi" } } })] }) } });
const PLAIN: Ownership = { type: "plain", root: ref("Deployment", "cart") };
const impact = (target: number, objects: readonly ClusterObject[], ownership: Ownership = PLAIN) =>
  scalingImpact(viewOf([CART, ...objects]), CART, target, ownership);

test("what fits is said with what it asks for now and then", () => {
  expect(impact(5, [node("w1")])).toMatchObject({
    ...{ perPod: { cpu: 1, memory: 2 ** 30 }, current: { replicas: 2, requested: { cpu: 2 } }, projected: { replicas: 5, requested: { cpu: 5 } } },
    ...{ namespaceImpact: { hasQuota: false, morePodsByQuota: null, fits: true }, nodeImpact: { morePodsByNodes: 4, fits: true } },
    ...{ recommendation: "fits", warnings: [], alternatives: [], usage: null },
  });
});

test("what does not fit says why, and how many would", () => {
  const found = impact(9, [node("w1"), node("w2"), quota("q", { cpu: "5" }, { cpu: "2" })]);
  expect(found).toMatchObject({
    recommendation: "does-not-fit",
    namespaceImpact: { morePodsByQuota: 3, fits: false },
    nodeImpact: { morePodsByNodes: 8, fits: true },
  });
  expect(found.warnings).toEqual([expect.stringContaining("does not leave room for 7 more pods")]);
  expect(found.alternatives).toEqual([{ replicas: 5, why: "3 more pods fit by quota and free room" }]);
});

test("12.2 line 24: what is not seen is not known: no replicas, cores or quota are assumed", () => {
  const blind = scalingImpact(viewOf([CART], { health: { Node: "forbidden", ResourceQuota: "forbidden" } }), CART, 5, PLAIN);
  expect(blind).toMatchObject({
    ...{
      recommendation: "not-known",
      namespaceImpact: { hasQuota: null, morePodsByQuota: null, fits: null },
      nodeImpact: { morePodsByNodes: null, fits: null },
    },
  });
});

test("fewer always fit; none at all, an autoscaler and an owner elsewhere are worth a warning", () => {
  expect(impact(1, []).recommendation).toBe("fits");
  expect(impact(0, []).warnings).toEqual(["nothing of it would run"]);
  expect(impact(3, [node(), autoscaler("cart", { kind: "Deployment", name: "cart" }, 2, 6)]).warnings).toEqual([expect.stringContaining("between 2 and 6")]);
  const argo: Ownership = { type: "gitops", root: ref("Deployment", "cart"), tool: "argocd", name: "shop", source: "" };
  expect(impact(3, [node()], argo).warnings).toEqual([expect.stringContaining("argocd (shop): change the number there")]);
});

test("pods that ask for nothing are said to be uncounted", () => {
  const bare = deployment("bare");
  const found = scalingImpact(viewOf([bare, node()]), bare, 3, PLAIN);
  expect(found.warnings).toEqual([expect.stringContaining("what they will take is not counted")]);
});
