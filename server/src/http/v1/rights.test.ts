import { afterEach, expect, it } from "vitest";
import { awaiting, CART, reported } from "../../adapters/testing/records.ts";
import { type ApiUnderTest, apiUnderTest, MCP_TOKEN } from "../testing/api-under-test.ts";
import { seen } from "../testing/filled-view.ts";
import { onlyIn } from "../testing/narrow-access.ts";

let api: ApiUnderTest;
afterEach(() => api.close());

const BANK = { ...CART, namespace: "bank", name: "ledger" };
async function shopKeeper(): Promise<void> {
  api = await apiUnderTest({ access: onlyIn("shop") });
  api.engine.seen.apply(seen());
  api.engine.list = [awaiting("inc-1"), { ...awaiting("inc-2"), subject: BANK }];
  api.engine.reported = [
    reported("tic-3"),
    reported("tic-4", { namespace: "bank" }),
    reported("tic-5", { namespace: "" }),
    reported("cwf-6", { namespace: "bank" }),
  ];
}

it("who may see one namespace sees what is in it, and counts nothing else", async () => {
  await shopKeeper();
  const { incidents, total } = (await api.ask("GET", "/api/v1/incidents")).json;
  expect([incidents.map(({ id }: { id: string }) => id).toSorted(), total]).toEqual([["inc-1", "tic-3"], 2]);
  expect((await api.ask("POST", "/api/v1/recommendations", { body: { confidence_threshold: 0 } })).json.recommendations).toHaveLength(1);
  expect((await api.ask("GET", "/api/v1/coordination/workflows")).json.count).toBe(0);
});

it.each([
  ["GET", "/api/v1/incidents/inc-2", undefined],
  ["GET", "/api/v1/incidents/tic-4", undefined],
  ["GET", "/api/v1/incidents/inc-99", undefined],
  ["PATCH", "/api/v1/incidents/tic-5", { severity: "low" }],
  ["POST", "/api/v1/incidents/inc-2/close", {}],
  ["POST", "/api/v1/incidents/tic-3/correlate", { incident_id: "inc-2" }],
  ["POST", "/api/v1/incidents", { title: "t", description: "d", severity: "low", target: "bank/ledger" }],
  ["POST", "/api/v1/incidents", { title: "t", description: "d", severity: "low", target: "shop/cart", affected_resources: ["bank/ledger"] }],
  ["POST", "/api/v1/incidents", { title: "t", description: "d", severity: "low", target: "worker-1" }],
  ["POST", "/api/v1/remediation/trigger", { incident_id: "x", namespace: "bank", resource: { kind: "Deployment", name: "ledger" }, issue: { type: "x" } }],
  ["POST", "/api/v1/remediation/trigger", { incident_id: "x", namespace: "shop", resource: { kind: "Node", name: "worker-1" }, issue: { type: "x" } }],
  ["GET", "/api/v1/workflows/wf-2", undefined],
  [
    "POST",
    "/api/v1/coordination/trigger",
    {
      incident_id: "x",
      description: "d",
      resources: [
        { kind: "Deployment", namespace: "shop", name: "cart" },
        { kind: "Pod", namespace: "bank", name: "p" },
      ],
    },
  ],
  ["GET", "/api/v1/coordination/workflows/cwf-6", undefined],
  ["GET", "/api/v1/detect/deployment/bank/ledger", undefined],
  ["GET", "/api/v1/capacity/namespace/bank", undefined],
  ["GET", "/api/v1/capacity/cluster", undefined],
  ["GET", "/api/v1/predict/memory-leak", undefined],
  ["POST", "/api/v1/predict", { hour: 1, day_of_week: 1, namespace: "bank" }],
  ["GET", "/api/v1/health", undefined],
] as const)("and is refused what is elsewhere, in the contract's form: %s %s", async (method, url, body) => {
  await shopKeeper();
  const { status, json } = await api.ask(method, url, body === undefined ? {} : { body });
  expect([status, json.status]).toEqual([403, "error"]);
  expect(json.error).toContain("may not");
  expect(api.engine.told).toEqual([]);
});

it("a credential made for MCP may report and trigger, and is named as what it is", async () => {
  api = await apiUnderTest();
  api.engine.seen.apply(seen());
  api.engine.reply = { ok: true, text: "tic-1 is open", id: "tic-3" };
  api.engine.reported = [reported("tic-3")];
  const headers = { authorization: `Bearer ${MCP_TOKEN}` };
  const body = { title: "t", description: "d", severity: "low", target: "shop/cart" };
  expect((await api.ask("POST", "/api/v1/incidents", { headers, body })).status).toBe(201);
  expect(api.engine.askers).toMatchObject([{ type: "assistant" }]);
});
