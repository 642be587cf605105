import { afterEach, expect, it } from "vitest";
import { type SimulatedApi, simulatedApi } from "../../testing/simulated-api.ts";
import { ReferenceClient } from "./reference-client.ts";
import { referenceJourney } from "./reference-journey.ts";

let api: SimulatedApi;
afterEach(() => api.close());

it("a client that was written for the reference finds every route as it was promised, while a bad rollout is under way", async () => {
  api = await simulatedApi("bad-rollout");
  await api.pass(12);
  const { kind, namespace, name } = api.subject;
  const before = api.engine.incidents().map(({ id, phase, attempts }) => ({ id, phase, attempts }));
  const visited = await referenceJourney(new ReferenceClient(api.platform.url, api.platform.token), { kind, namespace, name });
  expect(visited.filter(({ ok }) => !ok)).toEqual([]);
  expect(visited.length).toBeGreaterThan(30);
  await api.pass(1);
  // Nothing of all that has approved anything.
  expect(api.engine.incidents().map(({ id, phase, attempts }) => ({ id, phase, attempts }))).toEqual(before);
});

it("the token is the one change: without it only the word for probes is answered", async () => {
  api = await simulatedApi("bad-rollout");
  const client = new ReferenceClient(api.platform.url);
  expect(await client.ping()).toMatchObject({ status: 200, json: { status: "ok" } });
  expect(await client.incidents()).toMatchObject({ status: 401, json: { status: "error", error: expect.stringContaining("Bearer") } });
});

it("a journey says what was not as promised", async () => {
  api = await simulatedApi("bad-rollout");
  const { namespace } = api.subject;
  const visited = await referenceJourney(new ReferenceClient(api.platform.url, api.platform.token), {
    kind: "Deployment",
    namespace,
    name: "no-such-workload",
  });
  expect(visited.find(({ what }) => what === "POST /api/v1/remediation/trigger")).toMatchObject({ ok: false, got: expect.stringContaining("404") });
});
