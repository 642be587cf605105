import { pod } from "@kintsugi/core/testing/objects";
import { afterEach, beforeEach, expect, it } from "vitest";
import { CART, incident } from "../../adapters/testing/records.ts";
import type { Topology } from "../../answers/topology.ts";
import { type ApiUnderTest, apiUnderTest } from "../testing/api-under-test.ts";
import { CART_SET, seen } from "../testing/filled-view.ts";
import { onlyIn } from "../testing/narrow-access.ts";

let api: ApiUnderTest;
beforeEach(async () => {
  api = await apiUnderTest();
  api.engine.seen.apply(seen());
});
afterEach(() => api.close());

const ask = async (query: string): Promise<Topology> => (await api.ask("GET", `/api/v2/topology${query}`)).json;
const arrows = ({ edges }: Topology): string[] => edges.map(({ from, type, to }) => `${from} ${type} ${to}`);

it("shows from one object what it owns, where that runs, what it mounts, who selects and who calls it", async () => {
  const shown = await ask("?kind=Deployment&namespace=shop&name=cart");
  expect(arrows(shown).toSorted()).toEqual([
    "Deployment/shop/cart owns ReplicaSet/shop/cart-1",
    "Pod/shop/cart-a mounts PersistentVolumeClaim/shop/cart-data",
    "Pod/shop/cart-a runs-on Node//worker-1",
    "Pod/shop/cart-b runs-on Node//worker-2",
    "ReplicaSet/shop/cart-1 owns Pod/shop/cart-a",
    "ReplicaSet/shop/cart-1 owns Pod/shop/cart-b",
    "Service/shop/cart selects Pod/shop/cart-a",
    "Service/shop/cart selects Pod/shop/cart-b",
  ]);
  expect(shown.truncated).toBe(false);
  expect(arrows(await ask("?kind=Deployment&namespace=shop&name=cart&depth=4"))).toContain("Deployment/shop/orders calls Service/shop/cart");
});

it("does not go on from a node that it only reached to everything else that runs there", async () => {
  const { nodes } = await ask("?kind=Deployment&namespace=shop&name=cart&depth=6");
  expect(nodes.map(({ id }) => id)).not.toContain("Pod/bank/ledger-a");
  expect((await ask("?kind=Node&name=worker-1&depth=1")).nodes.map(({ id }) => id)).toContain("Pod/bank/ledger-a");
});

it("says what explains what, how each object is, and which incident is alive for it", async () => {
  const node = { kind: "Node", namespace: "", name: "worker-2" } as const;
  api.engine.follows = [{ by: node, subject: CART, why: "its pods are on a node that is not ready" }];
  api.engine.list = [incident("inc-1")];
  const { nodes, edges } = await ask("?kind=Deployment&namespace=shop&name=cart&depth=1");
  expect(nodes).toContainEqual(expect.objectContaining({ id: "Deployment/shop/cart", incident: "inc-1", state: expect.stringContaining("ready") }));
  expect(edges).toContainEqual({ from: "Node//worker-2", to: "Deployment/shop/cart", type: "explains", why: "its pods are on a node that is not ready" });
});

it("shows a namespace, or the whole cluster", async () => {
  const bank = await ask("?namespace=bank");
  expect(bank.nodes.map(({ id }) => id)).toEqual(["Pod/bank/ledger-a", "Node//worker-1"]);
  expect((await ask("")).nodes).toHaveLength(10);
  api.engine.seen.apply([{ type: "listed", kind: "Namespace", objects: [] }, ...seen([], { Namespace: "forbidden" })]);
  expect((await ask("")).nodes).toHaveLength(10);
});

it("shows no namespace that the caller may not see, nor what has none", async () => {
  const narrow = await apiUnderTest({ access: onlyIn("bank") });
  narrow.engine.seen.apply(seen());
  expect((await narrow.ask("GET", "/api/v2/topology")).json.nodes).toMatchObject([{ id: "Pod/bank/ledger-a" }]);
  expect((await narrow.ask("GET", "/api/v2/topology?kind=Deployment&namespace=shop&name=cart")).status).toBe(404);
  await narrow.close();
});

it("is bounded over ten thousand pods, says that there is more, and does not hang", async () => {
  const many = Array.from({ length: 10_000 }, (_, i) => pod(`cart-x${i}`, { ownedBy: CART_SET, spec: { nodeName: `worker-${(i % 2) + 1}` } }));
  api.engine.seen.apply(seen(many));
  const began = performance.now();
  const shown = await ask("?kind=Service&namespace=shop&name=cart&depth=6&limit=2000");
  const whole = await ask("?limit=2000");
  expect(performance.now() - began).toBeLessThan(3_000);
  expect(shown.nodes).toHaveLength(2_000);
  expect([shown.truncated, whole.truncated]).toEqual([true, true]);
  const ids = new Set(shown.nodes.map(({ id }) => id));
  expect(shown.edges.every(({ from, to }) => ids.has(from) && ids.has(to))).toBe(true);
});

it.each([
  ["?kind=Deployment", 400],
  ["?kind=Secret&name=a", 400],
  ["?kind=Pod&name=cart-a", 400],
  ["?depth=7", 400],
  ["?limit=5000", 400],
  ["?kind=Deployment&namespace=shop&name=other", 404],
  ["?namespace=..%2f..", 400],
])("answers %s with %i", async (query, status) => {
  expect((await api.ask("GET", `/api/v2/topology${query}`)).status).toBe(status);
});
