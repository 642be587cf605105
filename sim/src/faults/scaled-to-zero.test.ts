import { describe, expect, test } from "vitest";
import { scaledToZero } from "./scaled-to-zero.ts";
import { play } from "./testing/play.ts";

describe("scaled to zero", () => {
  test("no pod is left, its Service has no endpoints, and the earlier number heals it", () => {
    const story = play(scaledToZero);
    story.wait(2);
    expect(story.pods()).toEqual([]);
    const { namespace, name } = story.injection.subject;
    const { store } = story.stage.cluster.world;
    const slice = store.inNamespace("EndpointSlice", namespace).find((one) => one.metadata.labels["kubernetes.io/service-name"] === name);
    expect(slice?.endpoints).toEqual([]);
    const owner = store.find(story.injection.subject);
    expect(owner?.metadata.managers.find((entry) => entry.paths.includes("/spec/replicas"))).toMatchObject({ manager: "kubectl", subresource: "scale" });
    story.doctor.scale(story.injection.subject, story.stage.apps.find((app) => app.ref.name === name)?.replicas ?? 0);
    story.wait(2);
    expect(story.injection.isOver()).toBe(true);
  });
});
