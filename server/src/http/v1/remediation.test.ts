import { afterEach, describe, expect, it } from "vitest";
import { ASKS, OBSERVES, type SimulatedApi, simulatedApi } from "../testing/simulated-api.ts";

let api: SimulatedApi;
afterEach(() => api.close());

/** A shop with one fault that has been seen for a few minutes. */
async function shop(policy = ASKS): Promise<void> {
  api = await simulatedApi("image-not-found", policy);
  await api.pass(5);
}

function trigger(given: object = {}, token?: string) {
  const { kind, namespace, name } = api.subject;
  const body = {
    incident_id: "pager-7",
    namespace,
    resource: { kind, name },
    issue: { type: "pod_crash", description: "it is down", severity: "high" },
    ...given,
  };
  return api.ask("POST", "/api/v1/remediation/trigger", { body, ...(token === undefined ? {} : { token }) });
}

const only = () => {
  const [incident, ...others] = api.engine.incidents();
  if (incident === undefined || others.length > 0) throw new Error(`one incident was expected, not ${others.length + 1}`);
  return incident;
};

describe("a trigger", () => {
  it("is a request: where policy asks a person it goes on asking, and says who has to do what", async () => {
    await shop();
    expect(only().phase).toBe("awaiting");
    const { status, json } = await trigger();
    expect(status).toBe(202);
    expect(json).toMatchObject({
      workflow_id: "wf-1",
      incident_id: "inc-1",
      status: "pending",
      deployment_method: "manual",
      dry_run: false,
      estimated_duration: "11m",
    });
    expect(json.message).toContain("kintsugi approve inc-1");
    expect(json.plan).toMatchObject({ action: "roll-back", hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(json.gates).toContainEqual(expect.objectContaining({ gate: "approval", answer: "ask" }));
    await api.pass(5);
    expect(only()).toMatchObject({ phase: "awaiting", attempts: [] });
    const reasons = (await api.records()).map(({ body }) => (body.type === "incident" ? body.reason : ""));
    expect(reasons).toContainEqual(expect.stringContaining("pager-7, said to be pod_crash (high): it is down"));
  });

  it("never approves, whoever sends it: an assistant's credential neither", async () => {
    await shop();
    for (const token of [undefined, api.platform.mcpToken]) expect((await trigger({}, token)).status).toBe(202);
    await api.pass(5);
    expect(only().attempts).toEqual([]);
  });
});

describe("its workflow", () => {
  const workflow = async (id: string) => (await api.ask("GET", `/api/v1/workflows/${id}`)).json;

  it("12.1 lines 2, 3 and 17: is carried out for real once a person has approved, and tells every step with its times and who did it", async () => {
    await shop();
    const { json } = await trigger();
    expect(await workflow("wf-1")).toMatchObject({ status: "pending", started_at: null, completed_at: null, duration: null, remediator: "roll-back" });
    await api.ask("POST", "/api/v2/incidents/inc-1/approve", { body: { planHash: json.plan.hash } });
    await api.pass(1);
    const running = await workflow("wf-1");
    expect(running).toMatchObject({ status: "in_progress", error_message: null, completed_at: null });
    expect(running.steps.map(({ status }: { status: string }) => status)).toEqual(["completed", "in_progress"]);
    await api.pass(20);
    expect(api.platform.play.isOver).toBe(true);
    const ended = await workflow("wf-1");
    expect(ended).toMatchObject({
      ...{ id: "wf-1", incident_id: "inc-1", status: "completed", deployment_method: "manual", issue_type: "image-not-found", remediator: "roll-back" },
      ...{ namespace: api.subject.namespace, resource_name: api.subject.name, resource_kind: "Deployment", duration: expect.stringMatching(/^\d+m(\d+s)?$/) },
    });
    expect(ended.steps).toMatchObject([
      { order: 1, layer: "application", description: expect.stringContaining("patch Deployment"), status: "completed", started_at: ended.started_at },
      { order: 2, layer: "application", description: expect.stringContaining("verify"), status: "completed", completed_at: ended.completed_at },
    ]);
    for (const step of ended.steps) expect(Date.parse(step.completed_at), step.description).toBeGreaterThanOrEqual(Date.parse(step.started_at));
    expect(await workflow("wf-1-1")).toEqual({ ...ended, id: "wf-1-1" });
    expect((await trigger()).json).toMatchObject({ status: "error", error: expect.stringContaining("nothing to remedy") });
  });

  it("12.1 line 4: that was taken back says so, and the object is as it was before", async () => {
    await shop();
    const { json } = await trigger();
    await api.ask("POST", "/api/v2/incidents/inc-1/approve", { body: { planHash: json.plan.hash } });
    await api.pass(1);
    await api.ask("POST", "/api/v2/incidents/inc-1/undo", { body: { why: "we want to see it fail" } });
    await api.pass(2);
    expect(await workflow("wf-1-1")).toMatchObject({ status: "failed", error_message: expect.stringContaining("undone") });
    expect(await workflow("wf-1")).toMatchObject({ status: "failed", error_message: expect.stringContaining("we want to see it fail") });
    expect(api.platform.play.isOver).toBe(false);
  });

  it("is not found where there is none, and says which there are", async () => {
    await shop();
    expect(await workflow("wf-1-7")).toMatchObject({ status: "error", code: "NOT_FOUND", error: expect.stringContaining("nothing was attempted yet") });
    expect(await workflow("wf-99")).toMatchObject({ status: "error", code: "NOT_FOUND" });
    expect(await workflow("workflow-1")).toMatchObject({ status: "error", code: "INVALID_REQUEST", error: expect.stringContaining("wf-17") });
  });
});

describe("a dry run", () => {
  it("12.2 line 19: tells the engine nothing, records nothing and changes nothing, and shows what would be done", async () => {
    await shop();
    const before = { records: await api.records(), incident: only() };
    for (const given of [{ dry_run: true }, { dryRun: true }]) {
      const { status, json } = await trigger(given);
      expect(status).toBe(202);
      expect(json).toMatchObject({ dry_run: true, message: expect.stringMatching(/^dry run, nothing was told to the engine/), plan: { action: "roll-back" } });
    }
    expect({ records: await api.records(), incident: only() }).toEqual(before);
  });
});

describe("a pod", () => {
  it("12.1 line 5: is traced to what answers for it, so that its owner is remedied and never just the pod", async () => {
    await shop();
    const view = api.engine.view();
    const pod = view.inNamespace("Pod", api.subject.namespace).find(({ metadata }) => metadata.name.startsWith(`${api.subject.name}-`));
    const { status, json } = await trigger({ resource: { kind: "Pod", name: pod?.metadata.name } });
    expect(status).toBe(202);
    expect(json).toMatchObject({ workflow_id: "wf-1", deployment_method: "manual", plan: { summary: expect.stringContaining(api.subject.name) } });
  });
});

it.each(["pod_crash", "oom_kill", "high_cpu", "high_memory", "network_issue", "image-not-found", "something of my own"])(
  "12.2 line 21: the issue type %s is taken as a hint; what is wrong is what the engine diagnosed",
  async (type) => {
    await shop(OBSERVES);
    const { status } = await trigger({ issue: { type } });
    expect(status).toBe(202);
    expect(only().mode).toBe("image-not-found");
  },
);

describe("what is refused", () => {
  it("names an object that does not exist, with 404", async () => {
    await shop();
    const { status, json } = await trigger({ resource: { kind: "Deployment", name: "no-such-thing" } });
    expect(status).toBe(404);
    expect(json).toEqual({ status: "error", code: "NOT_FOUND", error: expect.stringContaining("no such object") });
  });

  it("says with 409 that nothing is wrong there, in the engine's words", async () => {
    await shop();
    const well = api.well();
    const { status, json } = await trigger({ namespace: well.namespace, resource: { kind: "Deployment", name: well.name } });
    expect(status).toBe(409);
    expect(json.error).toMatch(/nothing to remedy: .*nothing is wrong with it/);
  });

  it("is an id of the engine's that is about something else", async () => {
    await shop();
    expect((await trigger({ incident_id: "inc-1" })).status).toBe(202);
    expect((await trigger({ incident_id: "inc-99" })).status).toBe(404);
    expect((await trigger({ incident_id: "tic-99" })).status).toBe(404);
    const well = api.well();
    const other = await trigger({ incident_id: "inc-1", namespace: well.namespace, resource: { kind: "Deployment", name: well.name } });
    expect(other).toMatchObject({ status: 409, json: { error: expect.stringContaining("inc-1 is not about") } });
  });

  it.each([
    [{ resource: { kind: "Secret", name: "x" } }, "not a kind"],
    [{ resource: { kind: "Deployment", name: "../x" } }, "resource/name"],
    [{ namespace: "Shop" }, "namespace"],
    [{ issue: {} }, "issue/type"],
    [{ incident_id: "" }, "incident_id"],
  ])("is %j, with 400 and what is wrong", async (given, where) => {
    await shop(OBSERVES);
    const { status, json } = await trigger(given);
    expect(status).toBe(400);
    expect(json).toMatchObject({ status: "error", code: "INVALID_REQUEST", error: expect.stringContaining(where) });
  });
});
