import { pod } from "@kintsugi/core/testing/objects";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { incident } from "../../adapters/testing/records.ts";
import { type ApiUnderTest, apiUnderTest } from "../testing/api-under-test.ts";
import { SHOP, seen } from "../testing/filled-view.ts";
import { onlyIn } from "../testing/narrow-access.ts";

let api: ApiUnderTest;
beforeEach(async () => {
  api = await apiUnderTest();
  api.engine.seen.apply(seen());
});
afterEach(() => api.close());

const get = async (path: string) => (await api.ask("GET", `/api/v2${path}`)).json;
const names = (page: { items: { name: string }[] }): string[] => page.items.map(({ name }) => name);

describe("the cluster at a glance", () => {
  it("counts what is seen, and says why it is as it is", async () => {
    api.engine.list = [incident("inc-1")];
    expect(await get("/cluster")).toMatchObject({
      status: "degraded",
      nodes: { total: 2, ready: 2, notReady: 0 },
      pods: { total: 3, running: 2, pending: 1, failed: 0 },
      incidents: { live: 1, byPhase: { open: 1, resolved: 0 }, bySeverity: { high: 1, critical: 0 } },
    });
  });

  it("does not call zero what it cannot see", async () => {
    api.engine.seen.apply(seen([], { Node: "forbidden" }));
    const { nodes, status } = await get("/cluster");
    expect(nodes).toEqual({ total: null, ready: null, notReady: null, reason: "Node objects are not seen now (forbidden): nodes is forbidden" });
    expect(status).toBe("degraded");
  });
});

describe("pods", () => {
  it("are shown as kubectl shows them, with what answers for them", async () => {
    const { items } = await get("/pods?namespace=shop");
    expect(items).toMatchObject([
      { name: "cart-a", status: "Running", ready: true, containersReady: "1/1", restarts: 0, node: "worker-1", owner: { kind: "Deployment", name: "cart" } },
      {
        name: "cart-b",
        status: "ImagePullBackOff",
        ready: false,
        restarts: 2,
        containers: [{ state: "waiting", reason: "ImagePullBackOff", message: "not found" }],
      },
    ]);
  });

  it.each([
    ["labelSelector=app%3Dcart", ["cart-a", "cart-b"]],
    ["labelSelector=app%20in%20(ledger,other)", ["ledger-a"]],
    ["fieldSelector=status.phase%3DPending", ["cart-b"]],
    ["fieldSelector=spec.nodeName!%3Dworker-1&namespace=shop", ["cart-b"]],
    ["namespace=bank&namespace=shop&limit=2", ["ledger-a", "cart-a"]],
    ["namespace=elsewhere", []],
  ])("can be chosen by %s", async (query, expected) => {
    expect(names(await get(`/pods?${query}`))).toEqual(expected);
  });

  it.each([
    "labelSelector=%3D%3D",
    "labelSelector=app%20in%20(",
    "fieldSelector=spec.secret%3Da",
    "cursor=zzz",
    "limit=0",
    "colour=red",
    `labelSelector=${"a".repeat(1_001)}`,
  ])("say what is wrong with ?%s", async (query) => {
    const answer = await api.ask("GET", `/api/v2/pods?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.json.detail).toContain(query.split("=")[0]);
  });

  it("come whole and once in pages of any size", async () => {
    const many = Array.from({ length: 23 }, (_, i) => pod(`web-${i}`, { metadata: { namespace: `ns-${i % 4}` } }));
    api.engine.seen.apply(seen(many));
    const all = names(await get("/pods?limit=200"));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 30 }), async (limit) => {
        const found: string[] = [];
        let cursor = "";
        do {
          const page = await get(`/pods?limit=${limit}${cursor === "" ? "" : `&cursor=${cursor}`}`);
          found.push(...names(page));
          cursor = page.next ?? "";
        } while (cursor !== "");
        expect(found).toEqual(all);
      }),
      { numRuns: 15 },
    );
  });

  it("say so when they cannot be seen", async () => {
    api.engine.seen.apply(seen([], { Pod: "stale" }));
    expect((await get("/pods")).unseen).toContain("Pod objects are not seen now (stale)");
  });

  it("are shown of the namespaces that the caller may see, and nodes only to who may see the whole cluster", async () => {
    const narrow = await apiUnderTest({ access: onlyIn("bank") });
    narrow.engine.seen.apply(seen());
    expect(names((await narrow.ask("GET", "/api/v2/pods")).json)).toEqual(["ledger-a"]);
    expect((await narrow.ask("GET", "/api/v2/nodes")).status).toBe(403);
    await narrow.close();
  });
});

describe("nodes", () => {
  it("tell their role, room and pods", async () => {
    const worker = SHOP.find(({ kind, metadata }) => kind === "Node" && metadata.name === "worker-1")!;
    const labelled = { ...worker, metadata: { ...worker.metadata, resourceVersion: "2", labels: { "node-role.kubernetes.io/worker": "" } } };
    api.engine.seen.apply(seen([labelled as never]));
    const { items } = await get("/nodes");
    expect(items[0]).toMatchObject({ name: "worker-1", ready: "True", roles: ["worker"], allocatable: { cpu: "4" }, pods: 2, unschedulable: false });
    expect(names(await get("/nodes?limit=1"))).toEqual(["worker-1"]);
  });
});
