import { type AddressInfo, connect } from "node:net";
import { text } from "node:stream/consumers";
import type { RecordBody } from "@kintsugi/core";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { act, awaiting, CART, DAY, draft, incident, openIncident, PLAN, resolved, resolvedIncident, T0 } from "../adapters/testing/records.ts";
import { type ApiUnderTest, apiUnderTest, TOKEN } from "./testing/api-under-test.ts";

let api: ApiUnderTest;
beforeEach(async () => {
  api = await apiUnderTest();
});
afterEach(() => api.close());

async function store(...bodies: readonly RecordBody[]): Promise<void> {
  api.engine.stored(await api.ledger.append(bodies.map((body) => draft(body))));
}
const ids = (page: { items: { id: string }[] }): string[] => page.items.map(({ id }) => id);

describe("incidents", () => {
  beforeEach(() => {
    api.engine.list = [incident("inc-1"), awaiting("inc-2"), resolved("inc-10", T0), { ...incident("inc-3"), severity: "low" }];
  });

  it("come newest first, by number", async () => {
    expect(ids((await api.ask("GET", "/api/v2/incidents")).json)).toEqual(["inc-10", "inc-3", "inc-2", "inc-1"]);
  });

  it.each([
    ["phase=awaiting", ["inc-2"]],
    ["phase=live", ["inc-3", "inc-2", "inc-1"]],
    ["phase=open&phase=resolved", ["inc-10", "inc-3", "inc-1"]],
    ["severity=low", ["inc-3"]],
    ["mode=bad-rollout", ["inc-10", "inc-2"]],
    ["namespace=shop&phase=awaiting", ["inc-2"]],
    ["namespace=elsewhere", []],
    ["q=INC-10", ["inc-10"]],
    ["kind=Deployment&name=cart&limit=1", ["inc-10"]],
    ["kind=Node", []],
    ["since=1m", []],
  ])("can be chosen by %s", async (query, expected) => {
    expect(ids((await api.ask("GET", `/api/v2/incidents?${query}`)).json)).toEqual(expected);
  });

  it("come in pages that do not shift when a new one opens meanwhile", async () => {
    const first = (await api.ask("GET", "/api/v2/incidents?limit=2")).json;
    expect(ids(first)).toEqual(["inc-10", "inc-3"]);
    api.engine.list.push(incident("inc-11"));
    const second = (await api.ask("GET", `/api/v2/incidents?limit=2&cursor=${first.next}`)).json;
    expect(ids(second)).toEqual(["inc-2", "inc-1"]);
    expect(second.next).toBeUndefined();
  });

  it.each([
    ["phase=broken", "querystring/phase"],
    ["limit=0", "querystring/limit"],
    ["limit=1000", "querystring/limit"],
    ["cursor=xyz", "cursor"],
    ["colour=red", "colour"],
    ["fields=titel", "querystring/fields"],
    ["since=yesterday", "querystring/since"],
  ])("say what is wrong with ?%s", async (query, where) => {
    const answer = await api.ask("GET", `/api/v2/incidents?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.type).toBe("application/problem+json");
    expect(answer.json).toMatchObject({ status: 400, title: "Bad request" });
    expect(answer.json.detail).toContain(where);
  });

  it("come with the fields that were asked for", async () => {
    expect((await api.ask("GET", "/api/v2/incidents?fields=phase,%20subject&phase=awaiting")).json.items).toEqual([
      { id: "inc-2", phase: "awaiting", subject: { kind: "Deployment", namespace: "shop", name: "cart" } },
    ]);
  });

  it("have a timeline of records and keep every field of their phase", async () => {
    await store(openIncident("inc-2"), openIncident("inc-1"), act("inc-2"));
    const { json } = await api.ask("GET", "/api/v2/incidents/inc-2");
    expect(json.incident.proposal.plan.hash).toBe(PLAN.hash);
    expect(json.timeline.map((record: { seq: number }) => record.seq)).toEqual([1, 3]);
  });

  it("are found in the ledger when they ended long ago", async () => {
    await store(openIncident("inc-99"), resolvedIncident("inc-99", T0));
    expect((await api.ask("GET", "/api/v2/incidents/inc-99")).json.incident).toMatchObject({ id: "inc-99", phase: "resolved", how: "healed" });
  });

  it("explain themselves in sections", async () => {
    const { json } = await api.ask("GET", "/api/v2/incidents/inc-2/explain");
    expect(json.sections.map(({ title }: { title: string }) => title)).toContain("What the gates say");
  });

  it("say what follows from them elsewhere, as long as they are alive", async () => {
    const asked = async () => (await api.ask("GET", "/api/v2/incidents/inc-2/explain")).json;
    const { incident } = await asked();
    const follows = ["Deployment shop/orders: orders calls cart (env CART_ADDR), which has no ready pod since 12:01 UTC"];
    api.engine.explanation = { ref: incident.subject, observed: true, incident, findings: [], silent: [], follows, lines: [] };
    expect((await asked()).sections).toContainEqual({ title: "What follows from it", lines: follows });
    api.engine.explanation = { ref: incident.subject, observed: true, findings: [], silent: [], follows, lines: [] };
    expect((await asked()).sections.map(({ title }: { title: string }) => title)).not.toContain("What follows from it");
  });

  it("that do not exist are 404, and ids that cannot exist are 400", async () => {
    expect((await api.ask("GET", "/api/v2/incidents/inc-404")).status).toBe(404);
    expect((await api.ask("GET", "/api/v2/incidents/..%2f..%2fetc")).status).toBe(400);
  });
});

describe("what people decide", () => {
  it("is an approval of exactly one plan", async () => {
    const answer = await api.ask("POST", "/api/v2/incidents/inc-2/approve", { body: { planHash: PLAN.hash } });
    expect(answer).toMatchObject({ status: 200, json: { text: "done" } });
    expect(api.engine.told).toEqual([{ command: { type: "approve", incident: "inc-2", planHash: PLAN.hash }, by: "token" }]);
  });

  it("is never an approval without the plan's hash", async () => {
    const answer = await api.ask("POST", "/api/v2/incidents/inc-2/approve", { body: {} });
    expect(answer.status).toBe(400);
    expect(api.engine.told).toEqual([]);
  });

  it.each([["deny"], ["undo"], ["close"]])("needs a reason: %s", async (verb) => {
    expect((await api.ask("POST", `/api/v2/incidents/inc-2/${verb}`, { body: {} })).status).toBe(400);
    expect((await api.ask("POST", `/api/v2/incidents/inc-2/${verb}`, { body: { why: "  " } })).status).toBe(400);
    expect((await api.ask("POST", `/api/v2/incidents/inc-2/${verb}`, { body: { why: "not now" } })).status).toBe(200);
    expect(api.engine.told).toEqual([{ command: { type: verb, incident: "inc-2", why: "not now" }, by: "token" }]);
  });

  it("can be a proposal anew, without a body", async () => {
    expect((await api.ask("POST", "/api/v2/incidents/inc-2/propose")).status).toBe(200);
  });

  it.each([
    ["not-found", 404],
    ["conflict", 409],
    ["invalid", 422],
    ["forbidden", 403],
  ] as const)("is refused with the engine's own words: %s", async (code, status) => {
    api.engine.reply = { ok: false, code, text: "because of this" };
    const answer = await api.ask("POST", "/api/v2/incidents/inc-2/propose");
    expect(answer).toMatchObject({ status, type: "application/problem+json", json: { detail: "because of this" } });
  });
});

describe("silences", () => {
  it("are set for a while on what they name, and lifted", async () => {
    const made = await api.ask("POST", "/api/v2/silences", { body: { namespace: "shop-*", duration: "2h", why: "migration" } });
    expect(made).toMatchObject({ status: 201, json: { id: "sil-1" } });
    expect((await api.ask("DELETE", "/api/v2/silences/sil-1")).status).toBe(200);
    expect(api.engine.told.map(({ command }) => command)).toEqual([
      { type: "silence", id: "sil-1", namespace: "shop-*", why: "migration", durationMs: 7_200_000 },
      { type: "unsilence", id: "sil-1" },
    ]);
  });

  it("never silence everything, nor for a time that is none", async () => {
    expect((await api.ask("POST", "/api/v2/silences", { body: { duration: "2h", why: "x" } })).json.detail).toContain("name a namespace");
    expect((await api.ask("POST", "/api/v2/silences", { body: { mode: "oom", duration: "0s", why: "x" } })).json.detail).toContain("is not a duration");
    expect(api.engine.told).toEqual([]);
  });
});

describe("the ledger", () => {
  it("comes in pages, whole as lines of JSON, and with its proof", async () => {
    await store(openIncident("inc-1"), act("inc-1"), { type: "paused", reason: "x" });
    const first = (await api.ask("GET", "/api/v2/records?limit=2")).json;
    expect(first.items).toHaveLength(2);
    const second = (await api.ask("GET", `/api/v2/records?limit=2&cursor=${first.next}`)).json;
    expect(second.items.map((r: { seq: number }) => r.seq)).toEqual([3]);
    expect((await api.ask("GET", "/api/v2/records?type=act")).json.items).toHaveLength(1);
    expect((await api.ask("GET", "/api/v2/records/verify")).json).toMatchObject({ ok: true, records: 3 });
    const whole = await api.ask("GET", "/api/v2/records/export");
    const lines = whole.text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines).toEqual(await api.ledger.read({ fromSeq: 1, limit: 10 }));
  });

  it("is summed up per failure mode", async () => {
    api.now = T0 + DAY;
    await store(openIncident("inc-1"), resolvedIncident("inc-1", T0));
    expect((await api.ask("GET", "/api/v2/report?since=7d")).json.modes).toMatchObject([{ mode: "bad-rollout", incidents: 1, healed: 1 }]);
    expect((await api.ask("GET", "/api/v2/report?since=1h")).json.modes).toEqual([]);
  });
});

describe("any object", () => {
  it("can be asked about, with - for no namespace", async () => {
    api.engine.explanation = { ref: CART, observed: true, findings: [], silent: ["crash-loop"], lines: ["nothing is wrong with it"] };
    expect((await api.ask("GET", "/api/v2/explain/Deployment/shop/cart")).json).toMatchObject({ observed: true, lines: ["nothing is wrong with it"] });
    api.engine.explanation = undefined;
    expect((await api.ask("GET", "/api/v2/explain/Node/-/worker-1")).json.ref).toEqual({ kind: "Node", namespace: "", name: "worker-1" });
    expect((await api.ask("GET", "/api/v2/explain/Secret/shop/db")).status).toBe(400);
  });
});

describe("probes", () => {
  it("say up while all is well", async () => {
    expect((await api.ask("GET", "/readyz")).json).toEqual({ status: "up" });
  });

  it.each([
    ["the cluster is not seen", { synced: false }],
    ["the loop does not turn", { lastStepAt: T0 - 120_000 }],
    ["the ledger has refused a record", { storeTrouble: "disk full" }],
  ])("say down, and nothing more, when %s", async (_what, change) => {
    api.engine.state = { ...api.engine.state, ...change };
    expect(await api.ask("GET", "/readyz")).toMatchObject({ status: 503, json: { status: "down" } });
    expect((await api.ask("GET", "/healthz")).status).toBe(200);
  });

  it("say down when the ledger cannot be written, and try it at most every five seconds", async () => {
    await api.ledger.close();
    expect((await api.ask("GET", "/readyz")).status).toBe(503);
  });
});

describe("metrics", () => {
  it("count phases, acts and writes, and carry the heartbeat", async () => {
    api.engine.list = [awaiting("inc-2")];
    api.metrics.stepped("observed", 3, T0);
    await store(openIncident("inc-1"), act("inc-1"));
    const { text } = await api.ask("GET", "/metrics");
    expect(text).toContain(`kintsugi_heartbeat_timestamp_seconds ${T0 / 1000}`);
    expect(text).toContain('kintsugi_incidents{phase="awaiting"} 1');
    expect(text).toContain('kintsugi_incident_transitions_total{phase="open"} 1');
    expect(text).toContain('kintsugi_acts_total{verb="patch",kind="Deployment",undo="false"} 1');
    expect(text).toContain('kintsugi_watch_live{kind="Node",health="forbidden"} 0');
    expect(text).toContain('kintsugi_step_seconds_count{input="observed"} 1');
  });

  it("count a remediation once, when it ends", async () => {
    const running = { id: "inc-1/1", plan: PLAN, startedAt: T0, outcome: "running", detail: "" } as const;
    const helped = { ...running, outcome: "helped", endedAt: T0 } as const;
    for (const attempts of [[running], [running], [helped], [helped]]) {
      await store({ type: "incident", incident: { ...resolved("inc-1", T0), attempts }, from: "verifying", reason: "" });
    }
    expect((await api.ask("GET", "/metrics")).text).toContain('kintsugi_remediations_total{action="roll-back",outcome="helped"} 1');
  });

  it("time the writes of a store and count those that failed", async () => {
    const timed = api.metrics.timed(api.ledger, () => 0);
    expect(timed.id).toBe(api.ledger.id);
    await timed.append([draft(openIncident("inc-1"))]);
    await timed.append([draft(openIncident("inc-1"), { epoch: 0 })]).catch(() => undefined);
    const { text } = await api.ask("GET", "/metrics");
    expect(text).toContain('kintsugi_store_writes_total{outcome="stored"} 1');
    expect(text).toContain('kintsugi_store_writes_total{outcome="failed"} 1');
  });
});

describe("the contract", () => {
  it("is OpenAPI 3.1 with every route", async () => {
    const { json } = await api.ask("GET", "/api/v2/openapi.json");
    expect(json.openapi).toBe("3.1.0");
    for (const path of ["/api/v2/incidents/{id}/approve", "/api/v2/explain/{kind}/{namespace}/{name}", "/api/v2/records/export", "/readyz"]) {
      expect(Object.keys(json.paths)).toContain(path);
    }
    expect(json.components.schemas.Incident.properties.phase.enum).toContain("verifying");
    expect(json.security).toEqual([{ token: [] }]);
  });

  it("says of every operation how it answers, and that it can refuse and fail with a problem", async () => {
    const { paths, components } = (await api.ask("GET", "/api/v2/openapi.json")).json;
    const problem = { content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } } };
    const contract = { content: { "application/json": { schema: { $ref: "#/components/schemas/Refusal" } } } };
    expect(components.schemas.Problem.required).toEqual(["type", "title", "status", "detail"]);
    for (const [path, operations] of Object.entries<object>(paths)) {
      for (const { responses } of Object.values(operations)) {
        expect(Object.keys(responses), path).toContainEqual(expect.stringMatching(/^(20[012]|503)$/));
        const refusal = path.startsWith("/api/v1/") ? contract : problem;
        expect(responses, path).toMatchObject({ "4XX": refusal, "5XX": refusal });
      }
    }
    expect(paths["/readyz"].get.responses["503"].content["application/json"]).toBeDefined();
    expect(Object.keys(paths["/api/v2/events"].get.responses["200"].content)).toEqual(["text/event-stream"]);
  });

  it("says what answers without a token: the probes, and the metrics where they are open", async () => {
    const open = async ({ ask }: ApiUnderTest) => {
      const { paths } = (await ask("GET", "/api/v2/openapi.json")).json;
      return Object.keys(paths).filter((path) => paths[path].get?.security?.length === 0);
    };
    expect(await open(api)).toEqual(["/healthz", "/readyz", "/health"]);
    const other = await apiUnderTest({ openMetrics: true });
    onTestFinished(() => other.close());
    expect(await open(other)).toEqual(["/healthz", "/readyz", "/metrics", "/health"]);
  });

  it.each([
    ["with a path that cannot be read", "GET /api/v2/incidents/%zz HTTP/1.1", `Host: localhost\r\nAuthorization: Bearer ${TOKEN}`, 400],
    ["with an id that is far too long", `GET /api/v2/incidents/${"x".repeat(400)} HTTP/1.1`, `Host: localhost\r\nAuthorization: Bearer ${TOKEN}`, 414],
    ["with such a path and no token", "GET /api/v2/incidents/%zz HTTP/1.1", "Host: localhost", 401],
    ["with such a path under a name that is not ours", `GET /api/v2/incidents/${"x".repeat(400)} HTTP/1.1`, "Host: evil.example", 421],
    ["that are no HTTP", "FOO", "", 400],
    ["with headers without end", "GET /healthz HTTP/1.1", `Host: localhost\r\nX: ${"y".repeat(20_000)}`, 431],
  ])("answers requests %s with a problem", async (_what, line, headers, status) => {
    await api.app.listen({ host: "127.0.0.1", port: 0 });
    const socket = connect((api.app.server.address() as AddressInfo).port, "127.0.0.1");
    socket.end(`${line}\r\n${headers}\r\n\r\n`);
    const [head = "", body = ""] = (await text(socket)).split("\r\n\r\n");
    expect(head).toContain(`HTTP/1.1 ${status} `);
    expect(head).toContain("content-type: application/problem+json");
    expect(JSON.parse(body)).toMatchObject({ type: "about:blank", status, title: expect.not.stringMatching("Error") });
  });

  it("answers bodies that are too large, no JSON, or of another type with a problem", async () => {
    expect((await api.ask("POST", "/api/v2/pause", { body: { why: "x".repeat(70_000) } })).status).toBe(413);
    const app = await api.app.inject({
      method: "POST",
      url: "/api/v2/pause",
      headers: { host: "localhost", authorization: `Bearer ${"t".repeat(43)}`, "content-type": "application/json" },
      payload: "{nonsense",
    });
    expect(app.statusCode).toBe(400);
    expect(app.headers["content-type"]).toContain("application/problem+json");
  });
});
