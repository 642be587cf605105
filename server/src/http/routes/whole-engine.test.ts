/** The routes over a whole engine on the simulated shop: what is asked for happens, and a look ahead changes nothing. */
import { afterEach, expect, it } from "vitest";
import { ASKS, OBSERVES, type SimulatedApi, simulatedApi } from "../testing/simulated-api.ts";

let api: SimulatedApi;
afterEach(() => api.close());

const live = async () => (await api.ask("GET", "/api/v2/incidents?phase=live")).json.items[0];

async function broken(policy = ASKS): Promise<void> {
  api = await simulatedApi("image-not-found", policy);
  await api.pass(6);
}

it("looks ahead at what is held, by a pod of it, and neither ledger nor cluster nor incident is another afterwards", async () => {
  await broken(OBSERVES);
  const before = await live();
  expect(before.phase).toBe("held");
  const pods = (await api.ask("GET", `/api/v2/pods?namespace=${api.subject.namespace}&fieldSelector=status.phase%3DPending`)).json.items;
  const target = { kind: "Pod", namespace: pods[0].namespace, name: pods[0].name };
  const told = async () => [(await api.records()).length, api.platform.play.cluster.world.audit.entries().length];
  const counted = await told();
  const { status, json } = await api.ask("POST", "/api/v2/remediations", { body: { target, dryRun: true }, token: api.platform.mcpToken });
  expect(status).toBe(200);
  expect(json).toMatchObject({ incident: before.id, dryRun: true, plan: { action: "roll-back" }, planHash: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(json.gates).toContainEqual(expect.objectContaining({ gate: "policy-mode", answer: "block" }));
  expect(await told()).toEqual(counted);
  expect(await live()).toEqual(before);
});

it("shows beforehand which incidents another policy decides otherwise, and then they are, with who did it in the ledger", async () => {
  await broken(OBSERVES);
  const { id } = await live();
  const inForce = (await api.ask("GET", "/api/v2/policy")).json;
  const body = { apiVersion: "kintsugi.dev/v1alpha1", kind: "Policy", metadata: { name: "bolder" }, spec: { mode: "suggest" } };
  const looked = await api.ask("PUT", "/api/v2/policy?dryRun=true", { body });
  expect(looked.json.decisions).toMatchObject([{ incident: id, before: { verdict: "hold" }, after: { verdict: "ask", action: "roll-back" } }]);
  expect((await api.ask("GET", "/api/v2/policy")).json.hash).toBe(inForce.hash);
  const headers = { "if-match": `"${inForce.hash}"`, "x-kintsugi-actor": "ada" };
  expect((await api.ask("PUT", "/api/v2/policy", { body, headers, token: api.platform.mcpToken })).status).toBe(403);
  expect(await api.ask("PUT", "/api/v2/policy", { body, headers })).toMatchObject({ status: 200, json: { name: "bolder" } });
  expect((await api.ask("PUT", "/api/v2/policy", { body, headers })).status).toBe(412);
  await api.pass(0);
  await api.pass(2);
  expect((await live()).phase).toBe("awaiting");
  const record = (await api.records()).findLast(({ body: { type } }) => type === "policy");
  expect(record).toMatchObject({ actor: { type: "person", name: "ada" }, body: { name: "bolder" } });
});

it("tells the whole of a remediation: asked for, approved, carried out, verified, to be undone", async () => {
  await broken();
  const { id } = await live();
  const asked = await api.ask("POST", "/api/v2/remediations", { body: { incident: id, why: "customers wait" } });
  expect(asked).toMatchObject({ status: 202, json: { phase: "awaiting", approval: { needed: true } } });
  const waiting = (await api.ask("GET", "/api/v2/approvals")).json.items;
  expect(waiting).toMatchObject([{ incident: id, planHash: asked.json.planHash, action: "roll-back" }]);
  await api.ask("POST", `/api/v2/incidents/${id}/approve`, { body: { planHash: asked.json.planHash } });
  await api.pass(0);
  const { items } = (await api.ask("GET", "/api/v2/remediations")).json;
  expect(items).toMatchObject([{ id: `${id}/1`, outcome: "running", approvedBy: "token", verification: { state: "running" }, undo: { possible: true } }]);
  await api.pass(15);
  expect((await api.ask("GET", `/api/v2/remediations/${id}/1`)).json).toMatchObject({ outcome: "helped", verification: { state: "passed" } });
  expect((await api.ask("GET", "/api/v2/approvals")).json.items).toEqual([]);
  const shop = (await api.ask("GET", `/api/v2/topology?kind=${api.subject.kind}&namespace=${api.subject.namespace}&name=${api.subject.name}`)).json;
  expect(shop.edges.map(({ type }: { type: string }) => type)).toEqual(expect.arrayContaining(["owns", "runs-on", "selects"]));
});
