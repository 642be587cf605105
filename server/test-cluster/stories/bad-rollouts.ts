/** A new revision that does not work, while the one before it did: each is rolled back by one write, and the pods of the good revision serve on. */
import { isDeepStrictEqual } from "node:util";
import type { Ref } from "@kintsugi/core";
import { expect } from "vitest";
import type { KubeObject } from "../harness/person.ts";
import type { Scene } from "../harness/scene.ts";
import { managersOf, PROBE, SERVE } from "../harness/stage.ts";
import type { Story } from "./story.ts";

/** A good Deployment behind a Service, seen healthy; returns it and its good container. */
async function goodDeployment(scene: Scene): Promise<{ readonly cart: Ref; readonly good: KubeObject }> {
  const cart = await scene.deploy("cart", { container: { readinessProbe: PROBE } });
  await scene.serve("cart");
  const { spec } = await scene.well(cart);
  await scene.known(cart);
  return { cart, good: spec.template.spec.containers[0] };
}

/** Rolls out the container, waits for the cure, and asks the API server and its audit log about it. */
async function rolledBack(scene: Scene, bad: object): Promise<void> {
  const { cart, good } = await goodDeployment(scene);
  scene.fault();
  await scene.rollOut(cart, bad);
  await scene.healed(cart, ({ metadata, spec }) => metadata["generation"] === 3 && isDeepStrictEqual(spec.template.spec.containers[0], good));
  await scene.reaches(cart, "resolved");
  const { metadata, spec } = await scene.well(cart);
  expect(spec.template.spec.containers[0]).toEqual(good);
  expect(managersOf(metadata)).toContain("kintsugi");
  scene.expectWrites("patch deployments cart");
  const events = await scene.person.list("v1", "Event", scene.namespace);
  expect(events.map(({ reason }) => reason)).toContain("KintsugiActed");
}

export const badRollouts: readonly Story[] = [
  {
    id: "bad image",
    name: "an image that its registry does not have is rolled back",
    tell: (scene) => rolledBack(scene, { image: scene.place.missingImage }),
  },
  {
    id: "bad command",
    name: "a command that is not in the image is rolled back",
    tell: (scene) => rolledBack(scene, { command: ["/bin/no-such-program"] }),
  },
  {
    id: "bad readiness after a rollout",
    name: "a new revision whose readiness probe fails is rolled back",
    tell: (scene) => rolledBack(scene, { readinessProbe: { ...PROBE, httpGet: { path: "/no-such-page", port: 8080 } } }),
  },
  {
    id: "crash loop after a rollout",
    name: "a new revision that crashes is rolled back",
    tell: (scene) => rolledBack(scene, { command: ["sh", "-c", `sleep 1; exit 1; ${SERVE}`] }),
  },
];
