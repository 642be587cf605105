import { describe, expect, test } from "vitest";
import { selectorMismatch } from "./selector-mismatch.ts";
import { play } from "./testing/play.ts";

describe("selector mismatch", () => {
  test("the Service has no endpoints while its pods are ready, and the earlier selector heals it", () => {
    const story = play(selectorMismatch);
    story.wait(2);
    const { namespace, name } = story.injection.subject;
    const { store } = story.stage.cluster.world;
    const slice = () => store.inNamespace("EndpointSlice", namespace).find((one) => one.metadata.labels["kubernetes.io/service-name"] === name);
    expect(slice()?.endpoints).toEqual([]);
    const service = store.get("Service", namespace, name);
    if (service !== undefined) story.doctor.edit({ ...service, spec: { ...service.spec, selector: { app: name } } });
    story.wait(1);
    expect(slice()?.endpoints.length).toBeGreaterThan(0);
    expect(story.injection.isOver()).toBe(true);
  });
});
