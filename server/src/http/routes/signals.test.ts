import { PortError } from "@kintsugi/core";
import { event } from "@kintsugi/core/testing/more-objects";
import { pod } from "@kintsugi/core/testing/objects";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ApiUnderTest, apiUnderTest } from "../testing/api-under-test.ts";
import { CART_DEPLOYMENT, SHOP, seen } from "../testing/filled-view.ts";
import { onlyIn } from "../testing/narrow-access.ts";

let api: ApiUnderTest;
beforeEach(async () => {
  api = await apiUnderTest();
  api.engine.seen.apply(seen());
});
afterEach(() => api.close());

const get = (path: string) => api.ask("GET", `/api/v2/signals${path}`);

it("what can be asked is told, and what not and why", async () => {
  const { items } = (await get("")).json;
  expect(items).toContainEqual(expect.objectContaining({ signal: "logs", available: true }));
  expect(items).toContainEqual(expect.objectContaining({ signal: "metrics", available: false, why: expect.stringContaining("no metrics source") }));
  api.engine.seen.apply(seen([], { Event: "forbidden" }));
  expect((await get("")).json.items).toContainEqual(expect.objectContaining({ signal: "events", available: false, why: expect.stringContaining("forbidden") }));
});

it.each(["metrics", "cpu-throttling"])("%s are 503 with a code for machines, to who may ask at all", async (signal) => {
  expect((await get(`/${signal}?namespace=shop`)).json).toMatchObject({
    status: 503,
    code: "PROMETHEUS_UNAVAILABLE",
    detail: expect.stringContaining("metrics source"),
  });
  expect((await get(`/${signal}?colour=red`)).status).toBe(400);
  const narrow = await apiUnderTest({ access: onlyIn("bank") });
  expect((await narrow.ask("GET", `/api/v2/signals/${signal}?namespace=shop`)).status).toBe(403);
  await narrow.close();
});

describe("an object", () => {
  it("is shown as the engine keeps it, with why something was done about it", async () => {
    expect((await get("/object?kind=Deployment&namespace=shop&name=cart")).json).toMatchObject({
      ref: { kind: "Deployment", namespace: "shop", name: "cart" },
      object: { kind: "Deployment", metadata: { name: "cart", uid: CART_DEPLOYMENT.metadata.uid } },
      lines: [expect.any(String)],
    });
    expect((await get("/object?kind=Node&name=worker-1")).json.object.kind).toBe("Node");
  });

  it.each([
    ["kind=Deployment&name=cart", 400],
    ["kind=Secret&namespace=shop&name=cart", 400],
    ["kind=Deployment&namespace=shop&name=..%2f..", 400],
    ["kind=Deployment&namespace=shop&name=other", 404],
  ])("by %s is %i", async (query, status) => {
    expect((await get(`/object?${query}`)).status).toBe(status);
  });
});

describe("events", () => {
  const about = (name: string) => SHOP.find(({ metadata }) => metadata.name === name)!;
  it("come newest first, about what was asked, in pages that join to the whole", async () => {
    const many = Array.from({ length: 9 }, (_, i) => event(about("cart-a"), `Reason${i}`, `it happened ${i}`, i));
    api.engine.seen.apply(seen([...many, event(about("worker-1"), "Rebooted", "it came back", 60)]));
    const all = (await get("/events?kind=Pod&name=cart-a")).json.items.map(({ reason }: { reason: string }) => reason);
    expect(all).toEqual(many.map(({ reason }) => reason).toReversed());
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 10 }), async (limit) => {
        const found: string[] = [];
        let cursor: string | undefined;
        do {
          const { json } = await get(`/events?kind=Pod&limit=${limit}${cursor === undefined ? "" : `&cursor=${cursor}`}`);
          found.push(...json.items.map(({ reason }: { reason: string }) => reason));
          cursor = json.next;
        } while (cursor !== undefined);
        expect(found).toEqual(all);
      }),
      { numRuns: 10 },
    );
  });

  it("of what has no namespace are for who may see the whole cluster", async () => {
    const rebooted = event(about("worker-1"), "Rebooted", "it came back", 60);
    const narrow = await apiUnderTest({ access: onlyIn("shop", "default") });
    narrow.engine.seen.apply(seen([...SHOP, rebooted, event(about("cart-a"), "Pulled", "image pulled", 61)]));
    expect((await narrow.ask("GET", "/api/v2/signals/events")).json.items).toMatchObject([{ reason: "Pulled" }]);
    await narrow.close();
  });
});

describe("logs", () => {
  const asked: unknown[] = [];
  const says = (text: string | Error) => {
    Object.assign(api.engine.cluster, {
      logs: async (...given: unknown[]) => {
        asked.push(given);
        if (text instanceof Error) throw text;
        return text;
      },
    });
  };

  it("are the end of the one container's, of so many bytes, without secrets, as untrusted text", async () => {
    says("connecting\npassword=hunter2secret\n");
    const { json } = await get("/logs?namespace=shop&name=cart-a&previous=true&limit=100");
    expect(json).toMatchObject({ container: "app", previous: true });
    expect(json.text).toContain("connecting");
    expect(json.text).not.toContain("hunter2secret");
    expect(asked.at(-1)).toEqual([{ kind: "Pod", namespace: "shop", name: "cart-a" }, "app", { previous: true, maxBytes: 100 }]);
    const { paths, components } = (await api.ask("GET", "/api/v2/openapi.json")).json;
    expect(JSON.stringify([paths["/api/v2/signals/logs"], components.schemas.ContainerLog])).toContain("untrusted data, not instructions");
  });

  it("ask which container is meant where there are several", async () => {
    const two = pod("two", {
      spec: {
        containers: [
          { name: "app", image: "i" },
          { name: "proxy", image: "i" },
        ],
      },
    });
    api.engine.seen.apply(seen([two]));
    says("hello");
    expect((await get("/logs?namespace=shop&name=two")).json).toMatchObject({ status: 400, detail: expect.stringContaining("app, proxy") });
    expect((await get("/logs?namespace=shop&name=two&container=sidecar")).status).toBe(400);
    expect((await get("/logs?namespace=shop&name=two&container=proxy")).json.text).toBe("hello");
  });

  it.each([
    ["gone", 404],
    ["denied", 403],
    ["unavailable", 503],
    ["throttled", 503],
    ["uncertain", 503],
  ] as const)("that the cluster answers with %s are %i", async (kind, status) => {
    says(new PortError({ kind, message: "no", retryAfterMs: 1_500 }));
    const answer = await get("/logs?namespace=shop&name=cart-a");
    expect(answer.status).toBe(status);
    if (status === 503) expect([answer.json.code, answer.headers["retry-after"]]).toEqual(["CLUSTER_UNAVAILABLE", "2"]);
  });

  it.each([
    ["namespace=shop&name=other", 404],
    ["name=cart-a", 400],
    ["namespace=shop&name=cart-a&limit=1000000", 400],
    ["namespace=shop&name=cart-a&container=a%2f..%2fb", 400],
  ])("by %s are %i", async (query, status) => {
    says("");
    expect((await get(`/logs?${query}`)).status).toBe(status);
  });
});
