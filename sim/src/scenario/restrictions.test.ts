import { type ClusterObject, PolicySpec } from "@kintsugi/core";
import { expect, test } from "vitest";
import { createRandom } from "../random.ts";
import { buildShop } from "../shop.ts";
import { drawRestrictions } from "./restrictions.ts";

const HOUR_MS = 3_600_000;

/** What a seed's people forbid, in the ways there are. */
function drawn(seed: number): readonly string[] {
  const stage = buildShop(`restrictions/${seed}`);
  const { timeline, world } = stage.cluster;
  const rules = drawRestrictions(stage, createRandom(seed), timeline.now() + HOUR_MS);
  // As a policy document would be read.
  PolicySpec.parse({ rules });
  const marked = [...world.store.list("Deployment"), ...world.store.list("StatefulSet"), ...world.store.list("DaemonSet"), ...world.store.list("Namespace")];
  const pauses: number[] = [];
  world.store.onChange(["ConfigMap"], ({ before, after }) => {
    if ((after ?? before)?.metadata.name === "kintsugi-pause") pauses.push(timeline.now());
  });
  const end = timeline.now() + 2 * HOUR_MS;
  timeline.advanceTo(end);
  // What is paused goes on again.
  expect(pauses.length % 2).toBe(0);
  return [...rules.map(({ mode }) => mode), ...marked.flatMap(marksOf), ...(pauses.length > 0 ? ["pause"] : [])];
}

function marksOf({ metadata: { labels, annotations } }: ClusterObject): readonly string[] {
  const keys = ["kintsugi.dev/mode", "argocd.argoproj.io/tracking-id", "argocd.argoproj.io/instance", "kustomize.toolkit.fluxcd.io/name"];
  return [...keys, "meta.helm.sh/release-name"].filter((key) => labels[key] !== undefined || annotations[key] !== undefined);
}

test("about half of the people forbid something, and every way of it is drawn", () => {
  const all = Array.from({ length: 60 }, (_, seed) => drawn(seed));
  const free = all.filter((ways) => ways.length === 0).length;
  expect(free).toBeGreaterThan(15);
  expect(free).toBeLessThan(45);
  const ways = ["observe", "suggest", "pause", "kintsugi.dev/mode", "argocd.argoproj.io/tracking-id", "argocd.argoproj.io/instance"];
  expect(new Set(all.flat())).toEqual(new Set([...ways, "kustomize.toolkit.fluxcd.io/name", "meta.helm.sh/release-name"]));
}, 60_000);

test("the same seed forbids the same", () => {
  expect(drawn(7)).toEqual(drawn(7));
});
