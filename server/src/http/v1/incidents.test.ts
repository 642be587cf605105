import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { awaiting, CART, draft, incident, reported, resolved, T0, ticket } from "../../adapters/testing/records.ts";
import { type ApiUnderTest, apiUnderTest } from "../testing/api-under-test.ts";
import { type SimulatedApi, simulatedApi } from "../testing/simulated-api.ts";

describe("the list", () => {
  let api: ApiUnderTest;
  beforeEach(async () => {
    api = await apiUnderTest();
    const other = { ...CART, namespace: "bank", name: "ledger" };
    api.engine.list = [
      { ...incident("inc-1"), openedAt: T0 + 1 },
      { ...awaiting("inc-2"), subject: other, severity: "low", openedAt: T0 + 2 },
      { ...resolved("inc-3", T0 + 9), openedAt: T0 + 3 },
      { ...resolved("inc-4", T0 + 9, "closed"), openedAt: T0 + 4 },
      { ...incident("inc-5"), phase: "escalated", escalatedAt: T0, why: "no remedy is left", waitsFor: "a person", openedAt: T0 + 5 } as never,
    ];
    api.engine.reported = [reported("tic-6"), { ...reported("tic-7"), status: "closed", closedAt: T0, why: "done", openedAt: T0 + 7 }, reported("cwf-8")];
  });
  afterEach(() => api.close());

  const list = async (query: string) => (await api.ask("GET", `/api/v1/incidents?${query}`)).json;
  const ids = (page: { incidents: { id: string }[] }): string[] => page.incidents.map(({ id }) => id);

  it("12.1 line 15: holds the engine's incidents and what was reported, in one shape, newest first, each linked to its workflow", async () => {
    const page = await list("");
    expect(ids(page)).toEqual(["tic-7", "inc-5", "inc-4", "inc-3", "inc-2", "inc-1", "tic-6"]);
    expect(page.total).toBe(7);
    expect(page.incidents.find(({ id }: { id: string }) => id === "inc-2")).toMatchObject({
      ...{ title: "Deployment shop/cart has no ready pod", target: "ledger", namespace: "bank", resource: "Deployment/ledger", severity: "low" },
      ...{ status: "active", phase: "awaiting", issue_type: "bad-rollout", source: "workflow", workflow_id: "wf-2", completed_at: null },
    });
    expect(page.incidents.find(({ id }: { id: string }) => id === "tic-6")).toMatchObject({
      source: "manual",
      status: "active",
      phase: null,
      title: "Checkout is slow",
    });
  });

  it.each([
    ["status=all", ["tic-7", "inc-5", "inc-4", "inc-3", "inc-2", "inc-1", "tic-6"]],
    ["status=active", ["inc-2", "inc-1", "tic-6"]],
    ["status=completed", ["tic-7", "inc-4", "inc-3"]],
    ["status=failed", ["inc-5"]],
    ["namespace=bank", ["inc-2"]],
    ["namespace=", ["tic-7", "inc-5", "inc-4", "inc-3", "inc-2", "inc-1", "tic-6"]],
    ["severity=low", ["inc-2"]],
    ["severity=all&status=active&namespace=shop", ["inc-1", "tic-6"]],
    ["namespace=nowhere", []],
  ])("12.2 line 20: is filtered by %s", async (query, expected) => {
    const page = await list(query);
    expect(ids(page)).toEqual(expected);
    expect(page.total).toBe(expected.length);
  });

  it("12.2 line 20: comes in pieces by limit and offset, and total counts all that match", async () => {
    const page = await list("limit=2&offset=1");
    expect(ids(page)).toEqual(["inc-5", "inc-4"]);
    expect(page.total).toBe(7);
    expect(ids(await list("offset=100"))).toEqual([]);
  });

  it("tells who healed it from what merely ended", async () => {
    const page = await list("status=completed");
    expect(page.incidents.map(({ id, status }: { id: string; status: string }) => [id, status])).toEqual([
      ["tic-7", "resolved"],
      ["inc-4", "resolved"],
      ["inc-3", "remediated"],
    ]);
  });

  it.each(["limit=0", "limit=501", "offset=-1", "status=open", "severity=grave"])("is refused in the contract's form for %s", async (query) => {
    const { status, json } = await api.ask("GET", `/api/v1/incidents?${query}`);
    expect(status).toBe(400);
    expect(json).toMatchObject({ status: "error", code: "INVALID_REQUEST", error: expect.stringContaining(query.split("=")[0] ?? "") });
  });

  it("finds one by its id, in memory and in the ledger, and says where to look for what is not there", async () => {
    expect((await api.ask("GET", "/api/v1/incidents/inc-2")).json).toMatchObject({ id: "inc-2", workflow_id: "wf-2" });
    expect((await api.ask("GET", "/api/v1/incidents/tic-6")).json).toMatchObject({ id: "tic-6", source: "manual" });
    await api.ledger.append([draft(ticket("tic-99", "closed"))]);
    expect((await api.ask("GET", "/api/v1/incidents/tic-99")).json).toMatchObject({ id: "tic-99", status: "resolved" });
    for (const id of ["inc-77", "tic-77"]) expect((await api.ask("GET", `/api/v1/incidents/${id}`)).json).toMatchObject({ status: "error", code: "NOT_FOUND" });
    expect((await api.ask("GET", "/api/v1/incidents/incident-1")).json).toMatchObject({ status: "error", error: expect.stringContaining("inc-17") });
  });
});

describe("a ticket", () => {
  let api: SimulatedApi;
  beforeEach(async () => {
    api = await simulatedApi("image-not-found");
    await api.pass(5);
  });
  afterEach(() => api.close());

  const REPORT = { title: "Checkout is slow", description: "since noon", severity: "high" } as const;
  const report = (given: object) => api.ask("POST", "/api/v1/incidents", { body: { ...REPORT, ...given } });

  it("is kept with everything that was said, and correlated at once with the incident of what it names", async () => {
    const { kind, namespace, name } = api.subject;
    const { status, json } = await report({ target: name, namespace, labels: { team: "shop" }, external_id: "pager-7" });
    expect(status).toBe(201);
    expect(json).toMatchObject({ status: "success", incident_id: "tic-1", created_at: json.incident.created_at, message: "tic-1 is open, about inc-1" });
    expect(json.incident).toMatchObject({
      ...{ ...REPORT, target: name, namespace, resource: `${kind}/${name}`, labels: { team: "shop" }, external_id: "pager-7" },
      ...{ status: "active", source: "manual", workflow_id: "wf-1", correlated_incidents: ["inc-1"] },
    });
    expect((await api.ask("GET", "/api/v1/incidents/inc-1")).json.correlated_incidents).toEqual(["tic-1"]);
  });

  it("12.2 line 20: is understood under the names of older clients, affectedResources, correlationId and externalId, and loses none of them", async () => {
    const { namespace, name } = api.subject;
    const { status, json } = await report({ affectedResources: [`Deployment/${namespace}/${name}`], correlationId: "c-1", externalId: "e-1", confidence: 0.4 });
    expect(status).toBe(201);
    expect(json.incident).toMatchObject({
      ...{ affected_resources: [`Deployment/${namespace}/${name}`], target: `Deployment/${namespace}/${name}` },
      ...{ correlation_id: "c-1", external_id: "e-1", confidence: 0.4, correlated_incidents: ["inc-1"] },
    });
  });

  it("is refused without a target and without affected resources, and says that one of the two is enough", async () => {
    const { status, json } = await report({});
    expect(status).toBe(400);
    expect(json).toMatchObject({ status: "error", error: expect.stringMatching(/target: is missing, and affected_resources .*one of the two/) });
  });

  it.each([
    [{ title: "x".repeat(201) }, "title"],
    [{ description: "" }, "description"],
    [{ severity: "grave" }, "severity"],
    [{ target: "x".repeat(101) }, "target"],
    [{ affected_resources: Array.from({ length: 51 }, () => "cart") }, "affected_resources"],
    [{ title: "bell \u0007" }, "control characters"],
    [{ affected_resources: ["a"], affectedResources: ["b"] }, "two names of one thing"],
  ])("is refused with %j", async (given, where) => {
    const { status, json } = await report({ target: "cart", ...given });
    expect(status).toBe(400);
    expect(json).toMatchObject({ status: "error", code: "INVALID_REQUEST", error: expect.stringContaining(where) });
  });

  it("that names nothing that is unwell stands alone, and is linked once that has an incident", async () => {
    const other = api.well();
    const { json } = await report({ target: other.name, namespace: other.namespace });
    expect(json).toMatchObject({
      message: "tic-1 is open; the engine has no incident about it now",
      incident: { correlated_incidents: [], workflow_id: null },
    });
    const { port } = api.platform.play.connection;
    const object = api.platform.play.cluster.world.store.find(other)!;
    const patch = [{ op: "replace", path: "/spec/template/spec/containers/0/image", value: "registry.example/none:0" }] as const;
    await port.apply({ verb: "patch", target: { ...other, uid: object.metadata.uid }, patch }, { dryRun: false });
    await api.pass(10);
    expect((await api.ask("GET", "/api/v1/incidents/tic-1")).json.correlated_incidents).toEqual([expect.stringMatching(/^inc-[2-9]$/)]);
  });

  it("12.1 line 15: is changed, correlated by hand and closed; closed it changes no more", async () => {
    await report({ target: "the shop's front page" });
    expect((await api.ask("PATCH", "/api/v1/incidents/tic-1", { body: { severity: "low", labels: { seen: "yes" } } })).json).toMatchObject({
      ...{ status: "success", message: "tic-1 is changed" },
      incident: { severity: "low", labels: { seen: "yes" }, title: REPORT.title },
    });
    expect((await api.ask("POST", "/api/v1/incidents/tic-1/correlate")).json.message).toContain("nothing that tic-1 names");
    expect((await api.ask("POST", "/api/v1/incidents/tic-1/correlate", { body: { incident_id: "inc-99" } })).status).toBe(404);
    expect((await api.ask("POST", "/api/v1/incidents/tic-1/correlate", { body: { incidentId: "inc-1" } })).json.incident.correlated_incidents).toEqual([
      "inc-1",
    ]);
    expect((await api.ask("POST", "/api/v1/incidents/tic-1/close", { body: { why: "it was the weather" } })).json.incident).toMatchObject({
      status: "resolved",
    });
    expect(await api.ask("PATCH", "/api/v1/incidents/tic-1", { body: { severity: "high" } })).toMatchObject({
      ...{ status: 409, json: { status: "error", code: "CONFLICT", error: expect.stringContaining("the weather") } },
    });
    expect((await api.ask("GET", "/api/v1/incidents?status=active")).json.incidents.map(({ id }: { id: string }) => id)).toEqual(["inc-1"]);
  });

  it("stays in its namespace", async () => {
    await report({ target: "cart", namespace: "shop" });
    expect(await api.ask("PATCH", "/api/v1/incidents/tic-1", { body: { target: "bank/ledger" } })).toMatchObject({ status: 409 });
    expect(await api.ask("PATCH", "/api/v1/incidents/tic-1", { body: {} })).toMatchObject({ status: 400 });
  });

  it("12.1 line 15: an incident of the engine is closed too, but neither edited nor correlated by hand", async () => {
    for (const [method, path] of [
      ["PATCH", "inc-1"],
      ["POST", "inc-1/correlate"],
    ] as const) {
      const body = method === "PATCH" ? { severity: "low" } : {};
      expect(await api.ask(method, `/api/v1/incidents/${path}`, { body })).toMatchObject({
        status: 409,
        json: { error: expect.stringContaining("what the engine sees") },
      });
    }
    const closed = await api.ask("POST", "/api/v1/incidents/inc-1/close", { body: { why: "we mend it by hand" } });
    expect(closed).toMatchObject({ status: 200, json: { incident: { status: "resolved", phase: "resolved" } } });
    expect((await api.ask("POST", "/api/v1/incidents/inc-1/close")).status).toBe(409);
  });
});
