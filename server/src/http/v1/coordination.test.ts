import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type SimulatedApi, simulatedApi } from "../testing/simulated-api.ts";

let api: SimulatedApi;
beforeEach(async () => {
  api = await simulatedApi("image-not-found");
  await api.pass(5);
});
afterEach(() => api.close());

const node = () => api.engine.view().all("Node")[0]!.metadata.name;
const trigger = (resources: readonly object[], given: object = {}) =>
  api.ask("POST", "/api/v1/coordination/trigger", { body: { incident_id: "pager-8", description: "the shop is down", resources, ...given } });
const broken = () => ({ kind: api.subject.kind, namespace: api.subject.namespace, name: api.subject.name, issue: "postgres host closed the connection" });

describe("a coordination", () => {
  it("12.1 line 16: finds the layers by kind and word, so that postgres and host are no node", async () => {
    const { status, json } = await trigger([broken(), { kind: "Node", name: node(), issue: "slow" }, { kind: "Widget", name: "x", issue: "it is blue" }]);
    expect(status).toBe(202);
    expect(json).toMatchObject({
      ...{ workflow_id: "cwf-1", status: "pending", affected_layers: ["infrastructure", "application", "unknown"], root_cause_layer: "infrastructure" },
      ...{ estimated_steps: 1, message: "inc-1 is awaiting" },
    });
    const { layered_issue } = (await api.ask("GET", "/api/v1/coordination/workflows/cwf-1")).json;
    expect(layered_issue.resources.map(({ kind, layer, incident_id }: Record<string, string>) => [kind, layer, incident_id])).toEqual([
      ["Node", "infrastructure", null],
      ["Deployment", "application", "inc-1"],
      ["Widget", "unknown", null],
    ]);
  });

  it("12.1 lines 2 and 3: executes nothing of itself: each incident goes through the engine's own gates, and ends as what it pursued has ended", async () => {
    await trigger([broken()]);
    await api.pass(5);
    const workflow = async () => (await api.ask("GET", "/api/v1/coordination/workflows/cwf-1")).json;
    expect(await workflow()).toMatchObject({ status: "pending", started_at: null, execution_result: { executed_steps: 0, completed_at: null } });
    const { planHash } = { planHash: api.engine.incident("inc-1") as { proposal?: { plan: { hash: string } } } };
    await api.ask("POST", "/api/v2/incidents/inc-1/approve", { body: { planHash: planHash.proposal?.plan.hash } });
    await api.pass(1);
    expect(await workflow()).toMatchObject({ status: "executing", remediation_plan: { steps: [{ status: "executing", workflow_id: "wf-1" }] } });
    await api.pass(20);
    const ended = await workflow();
    expect(ended).toMatchObject({
      ...{ status: "completed", error_message: null, started_at: expect.any(String), completed_at: expect.any(String) },
      execution_result: { status: "completed", reason: "inc-1 ended", executed_steps: 1, failed_step: null },
    });
    const list = (await api.ask("GET", "/api/v1/coordination/workflows")).json;
    expect(list).toEqual({ workflows: [ended], count: 1 });
  });

  it("is a ticket in the ledger, so that it survives a restart", async () => {
    await trigger([broken()]);
    const records = await api.records();
    expect(records.map(({ body }) => body.type === "ticket" && body.ticket.id)).toContain("cwf-1");
  });

  it("is no incident of its own in the list", async () => {
    await trigger([broken()]);
    expect((await api.ask("GET", "/api/v1/incidents")).json.incidents.map(({ id }: { id: string }) => id)).toEqual(["inc-1"]);
  });

  it("12.1 line 4: that was taken back is told as failed, and what was done is really undone", async () => {
    await trigger([broken()]);
    const incident = api.engine.incident("inc-1") as { proposal?: { plan: { hash: string } } };
    await api.ask("POST", "/api/v2/incidents/inc-1/approve", { body: { planHash: incident.proposal?.plan.hash } });
    await api.pass(1);
    await api.ask("POST", "/api/v2/incidents/inc-1/undo", { body: { why: "not now" } });
    await api.pass(2);
    const { status, execution_result } = (await api.ask("GET", "/api/v1/coordination/workflows/cwf-1")).json;
    expect([status, execution_result.failed_step]).toEqual(["failed", 1]);
    expect(api.platform.play.isOver).toBe(false);
  });
});

describe("what is refused", () => {
  it("is a coordination of what is well, in the engine's words", async () => {
    const { namespace, name } = api.well();
    expect(await trigger([{ kind: "Deployment", namespace, name }])).toMatchObject({
      status: 409,
      json: { error: expect.stringContaining("nothing is wrong with it") },
    });
  });

  it("is one of objects that are not there", async () => {
    expect(
      await trigger([
        { kind: "Deployment", namespace: "shop", name: "none" },
        { kind: "Widget", name: "x" },
      ]),
    ).toMatchObject({
      ...{ status: 404, json: { code: "NOT_FOUND", error: expect.stringMatching(/no such object.*no kind that the engine watches/) } },
    });
  });

  it.each([
    [{ resources: [] }, "resources"],
    [{ resources: Array.from({ length: 21 }, () => ({ kind: "Pod", name: "x" })) }, "resources"],
    [{ incident_id: undefined }, "incident_id"],
    [{ description: "" }, "description"],
    [{ resources: [{ kind: "Pod", name: "../x" }] }, "name"],
  ])("is %j", async (given, where) => {
    expect(await trigger([broken()], given)).toMatchObject({ status: 400, json: { code: "INVALID_REQUEST", error: expect.stringContaining(where) } });
  });

  it("is an id of another kind, or of none that was", async () => {
    expect((await api.ask("GET", "/api/v1/coordination/workflows/wf-1")).status).toBe(400);
    expect((await api.ask("GET", "/api/v1/coordination/workflows/cwf-9")).json).toMatchObject({
      code: "NOT_FOUND",
      error: expect.stringContaining("GET /api/v1/coordination/workflows"),
    });
    expect((await api.ask("GET", "/api/v1/coordination/workflows")).json).toEqual({ workflows: [], count: 0 });
  });
});
