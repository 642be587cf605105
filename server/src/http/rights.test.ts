/** Who may do what over HTTP: every route there is, asked by the roles of `kintsugi rbac`. */
import { PolicySpec } from "@kintsugi/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { API_RESOURCES, isReading } from "../access/right.ts";
import { awaiting, PLAN } from "../adapters/testing/records.ts";
import { type ApiUnderTest, apiUnderTest } from "./testing/api-under-test.ts";
import type { OpenApiDocument } from "./testing/document-schema.ts";
import { eachOperation, type Operation } from "./testing/each-operation.ts";
import { RoleAccess } from "./testing/role-access.ts";

let access: RoleAccess;
let api: ApiUnderTest;
beforeEach(async () => {
  access = new RoleAccess();
  api = await apiUnderTest({ access });
  api.engine.list = [awaiting("inc-1")];
});
afterEach(() => api.close());

interface Asked {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly url: string;
  readonly body?: object;
}

/** Every operation that the API describes with an example (that each has one is tested beside the description). Streams do not end by themselves. */
async function operations(): Promise<readonly Asked[]> {
  await api.app.ready();
  const all = eachOperation(JSON.parse(JSON.stringify(api.app.swagger())) as OpenApiDocument);
  return all.filter((one) => !one.path.endsWith("/events") && hasExample(one)).map(asked);
}

function hasExample({ parameters, body }: Operation): boolean {
  return (body === undefined || body.example !== undefined) && parameters.every((one) => one.in !== "path" || one.example !== undefined);
}

function asked({ method, path, parameters, body }: Operation): Asked {
  const filled = parameters
    .filter((one) => one.in === "path")
    .reduce((url, one) => url.replace(`{${one.name}}`, encodeURIComponent(String(one.example))), path);
  const query = parameters.filter((one) => one.in === "query" && one.required === true).map((one) => `${one.name}=${encodeURIComponent(String(one.example))}`);
  const given = body === undefined ? {} : { body: body.example as object };
  return { method: method as Asked["method"], path, url: query.length === 0 ? filled : `${filled}?${query.join("&")}`, ...given };
}

async function send({ method, url, body }: Asked, token: string) {
  access.asked.length = 0;
  const headers = { host: "127.0.0.1", authorization: `Bearer ${token}` };
  const response = await api.app.inject({ method, url, headers, ...(body === undefined ? {} : { payload: body }) });
  return { status: response.statusCode, detail: response.body, right: access.asked.at(0) };
}

/** Named by the contract, and without an effect here: there is no such cache. */
const DOES_NOTHING = ["/api/v1/detect/cache/clear"];

const approve = { method: "POST", path: "", url: "/api/v2/incidents/inc-1/approve", body: { planHash: PLAN.hash } } as const;

describe("every route", () => {
  it("asks only for what the roles are made from", async () => {
    const wanted = new Set<string>();
    for (const operation of await operations()) {
      await send(operation, "admin");
      for (const { resource, verb } of access.asked) {
        expect(API_RESOURCES[resource], `${operation.method} ${operation.path}`).toContain(verb);
        wanted.add(`${verb} ${resource}`);
      }
    }
    expect(wanted).toContain("approve remediations");
    expect(wanted.size).toBeGreaterThan(10);
  });

  it("that changes something refuses a viewer, whom it names with the right that is missing", async () => {
    let refused = 0;
    for (const operation of await operations()) {
      const { status, detail, right } = await send(operation, "viewer");
      const what = `${operation.method} ${operation.path}: ${detail}`;
      if (operation.method === "GET") {
        expect(status, what).not.toBe(403);
        continue;
      }
      // A question may be too long for an address: it is asked by POST, and changes nothing.
      if (right !== undefined ? isReading(right) : DOES_NOTHING.includes(operation.path)) continue;
      expect(status, what).toBe(403);
      expect(detail).toContain("viewer may not");
      refused++;
    }
    expect(refused).toBeGreaterThanOrEqual(9);
    expect(api.engine.told).toEqual([]);
  });

  it("refuses whom everybody knows and nobody gave a right", async () => {
    for (const operation of await operations()) {
      const { status, detail, right } = await send(operation, "nobody");
      if (right === undefined) continue;
      // What is shown of each namespace only to who may see it is then nothing.
      if (isQuestion(operation) && status === 200) expect(detail, operation.path).not.toContain("cart");
      else expect(status, `${operation.method} ${operation.path}: ${detail}`).toBe(403);
    }
  });

  it("shows its metrics to who may see its settings: everybody in a cluster can have a token that is known", async () => {
    const metrics = { method: "GET", path: "", url: "/metrics" } as const;
    expect((await send(metrics, "nobody")).status).toBe(403);
    expect((await send(metrics, "viewer@shop")).status).toBe(403);
    expect((await send(metrics, "viewer")).status).toBe(200);
  });

  it("does nothing while it cannot be told who may", async () => {
    access.away = "for-rights";
    for (const operation of await operations()) {
      const { status, detail, right } = await send(operation, "admin");
      if (right === undefined || (isQuestion(operation) && status === 200)) continue;
      expect(status, `${operation.method} ${operation.path}: ${detail}`).toBe(503);
    }
    access.away = "for-tokens";
    expect(await send(approve, "admin")).toMatchObject({ status: 503, detail: expect.stringContaining("the API server does not answer") });
    expect(api.engine.told).toEqual([]);
  });

  it("has every refusal counted", async () => {
    await send(approve, "stranger");
    await send(approve, "viewer");
    await send(approve, "viewer");
    access.away = "for-rights";
    await send(approve, "admin");
    const metrics = await api.metrics.registry.metrics();
    expect(metrics).toContain('kintsugi_api_refused_total{why="unauthenticated"} 1');
    expect(metrics).toContain('kintsugi_api_refused_total{why="denied"} 2');
    expect(metrics).toContain('kintsugi_api_refused_total{why="unknown"} 1');
  });
});

describe("a credential made for MCP", () => {
  it("never approves, resumes, lifts a silence or changes the policy, although its owner may", async () => {
    const beyond = (await operations()).filter(({ method, path }) =>
      `${method} ${path}`.match(/^POST .*\/(approve|resume)$|^DELETE .*\/silences\/|^PUT .*\/policy$/),
    );
    expect(beyond.length).toBeGreaterThanOrEqual(3);
    for (const operation of beyond) {
      expect((await send(operation, "admin")).status, operation.path).not.toBe(403);
      const refused = await send(operation, "admin+mcp");
      expect(refused, operation.path).toMatchObject({ status: 403, right: undefined, detail: expect.stringContaining("whoever owns it") });
    }
    expect(api.engine.askers.every(({ type }) => type === "person")).toBe(true);
  });

  it("does what its owner may, and nothing that they may not", async () => {
    const deny = { ...approve, url: "/api/v2/incidents/inc-1/deny", body: { why: "not now" } };
    expect((await send(deny, "assistant+mcp")).status).toBe(200);
    expect(api.engine.askers).toEqual([{ type: "assistant", name: "assistant", proven: true }]);
    expect((await send(deny, "viewer+mcp")).status).toBe(403);
  });

  it("approves by elicitation only where policy allows it and its owner has the right to", async () => {
    const elicited = { ...approve, body: { ...approve.body, elicited: true } };
    expect(await send(elicited, "approver+mcp")).toMatchObject({ status: 403, right: undefined });
    api.engine.inForce = PolicySpec.parse({ approveByElicitation: true });
    expect((await send(elicited, "assistant+mcp")).status).toBe(403);
    expect((await send(approve, "approver+mcp")).status).toBe(403);
    expect(api.engine.told).toEqual([]);
    expect((await send(elicited, "approver+mcp")).status).toBe(200);
    expect(api.engine.told).toMatchObject([{ by: "approver", command: { type: "approve", incident: "inc-1", planHash: PLAN.hash, elicited: true } }]);
  });
});

describe("a role that is bound in one namespace", () => {
  it("lets its holder decide there and nowhere else", async () => {
    api.engine.list = [awaiting("inc-1"), { ...awaiting("inc-2"), subject: { kind: "Deployment", namespace: "bank", name: "cart" } }];
    expect((await send(approve, "approver@shop")).status).toBe(200);
    expect((await send({ ...approve, url: "/api/v2/incidents/inc-2/approve" }, "approver@shop")).status).toBe(403);
    // Whether there is an incident at all is for those to know who may see all.
    expect((await send({ ...approve, url: "/api/v2/incidents/inc-3/approve" }, "approver@shop")).status).toBe(403);
    expect((await send({ ...approve, url: "/api/v2/pause", body: { why: "lunch" } }, "approver@shop")).status).toBe(403);
  });

  it("shows its holder what is there and nothing else", async () => {
    api.engine.list = [awaiting("inc-1"), { ...awaiting("inc-2"), subject: { kind: "Deployment", namespace: "bank", name: "cart" } }];
    const { detail } = await send({ method: "GET", path: "", url: "/api/v2/incidents" }, "viewer@shop");
    expect(JSON.parse(detail).items.map(({ id }: { id: string }) => id)).toEqual(["inc-1"]);
  });
});

describe("a 401", () => {
  const challenge = async (authorization?: string) => {
    const response = await api.app.inject({
      method: "GET",
      url: "/api/v2/status",
      headers: { host: "localhost", ...(authorization === undefined ? {} : { authorization }) },
    });
    expect(response.statusCode).toBe(401);
    return response.headers["www-authenticate"];
  };

  it("says what credential is wanted, and when it is the one that was sent that is wrong", async () => {
    expect(await challenge()).toBe('Bearer realm="kintsugi"');
    expect(await challenge("Bearer stranger")).toBe('Bearer realm="kintsugi", error="invalid_token"');
  });

  it("says how to come by a token", async () => {
    const { detail } = await send(approve, "stranger");
    expect(detail).toContain("a token names a role");
    expect(detail).not.toContain("stranger");
  });

  it("comes for an address that no router can read as well", async () => {
    const response = await api.app.inject({ method: "GET", url: "/api/v2/incidents/%zz", headers: { host: "localhost" } });
    expect(response.statusCode).toBe(401);
    expect(response.headers["www-authenticate"]).toContain("Bearer");
  });
});

/** The contract asks for its recommendations by POST, and they change nothing. */
function isQuestion({ method, path }: { readonly method: string; readonly path: string }): boolean {
  return method === "GET" || path === "/api/v1/recommendations";
}
