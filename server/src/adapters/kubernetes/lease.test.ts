import type { ServerResponse } from "node:http";
import { type Held, PortError } from "@kintsugi/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createKubernetes, type Kubernetes, type LeaseOptions } from "./index.ts";
import { ACT_FROM_ANNOTATION, STORE_ANNOTATION } from "./lease.ts";
import { kubeconfigFor, temporaryFolder } from "./testing/kubeconfig-file.ts";
import { type Asked, answer, answerStatus, ScriptedApiServer } from "./testing/scripted-api-server.ts";

const HOUR = 3_600_000;
const START = Date.parse("2026-03-01T12:00:00Z");

interface StoredLease {
  metadata: { name: string; resourceVersion: string; annotations?: Record<string, string> };
  spec: { holderIdentity?: string; leaseTransitions?: number; leaseDurationSeconds?: number; renewTime?: string };
}

/** Leases and namespaces with the API server's optimistic concurrency. */
class LeaseApi {
  lease: StoredLease | undefined;
  readonly namespaces = new Set(["kintsugi"]);
  mayCreateNamespaces = true;
  /** Runs before a write is looked at: somebody else is quicker. */
  beforeWrite: () => void = () => {};
  #version = 1;

  readonly script = (asked: Asked, response: ServerResponse): boolean => {
    if (asked.path === "/api/v1/namespaces" && asked.method === "POST") {
      if (!this.mayCreateNamespaces) answerStatus(response, 403, "Forbidden", "namespaces is forbidden");
      else {
        const name = (JSON.parse(asked.body) as { metadata: { name: string } }).metadata.name;
        this.namespaces.add(name);
        answer(response, 201, { kind: "Namespace", metadata: { name } });
      }
      return true;
    }
    if (!asked.path.startsWith("/apis/coordination.k8s.io/v1/namespaces/kintsugi/leases")) return false;
    if (asked.method === "GET") {
      if (this.lease === undefined) answerStatus(response, 404, "NotFound", 'leases "kintsugi" not found');
      else answer(response, 200, this.lease);
      return true;
    }
    this.beforeWrite();
    const sent = JSON.parse(asked.body) as StoredLease;
    if (asked.method === "POST") {
      if (!this.namespaces.has("kintsugi")) answerStatus(response, 404, "NotFound", 'namespaces "kintsugi" not found');
      else if (this.lease !== undefined) answerStatus(response, 409, "AlreadyExists", "exists");
      else answer(response, 201, this.store(sent));
    } else if (this.lease === undefined) answerStatus(response, 404, "NotFound", "gone");
    else if (sent.metadata.resourceVersion !== this.lease.metadata.resourceVersion) answerStatus(response, 409, "Conflict", "the object has been modified");
    else answer(response, 200, this.store(sent));
    return true;
  };

  store(lease: StoredLease): StoredLease {
    this.lease = { ...lease, metadata: { ...lease.metadata, resourceVersion: `${++this.#version}` } };
    return this.lease;
  }
}

let server: ScriptedApiServer;
let api: LeaseApi;
let folder: ReturnType<typeof temporaryFolder>;
let now: number;
const made: Kubernetes[] = [];

beforeEach(async () => {
  server = await ScriptedApiServer.start();
  api = new LeaseApi();
  server.script = api.script;
  folder = temporaryFolder();
  now = START;
});

afterEach(async () => {
  for (const kubernetes of made.splice(0)) await kubernetes.close();
  await server.close();
  folder.remove();
});

/** An engine of its own: time passes alike for all of them. */
function engine(identity: string, options: Omit<LeaseOptions, "identity"> = {}) {
  const kubernetes = createKubernetes({
    source: { type: "kubeconfig", paths: [folder.file("config", kubeconfigFor(server.url))] },
    identity,
    random: () => 0,
    now: () => now,
    monotonic: () => now - START,
  });
  made.push(kubernetes);
  return kubernetes.lease(options);
}

const held = (result: Held) => (result.type === "held" ? result : expect.fail(`held by ${result.holder}`));

describe("one engine", () => {
  it("creates the Lease, with its name, its store and the first epoch, and may act at once", async () => {
    expect(await engine("a").hold("store-1")).toEqual({ type: "held", epoch: 1, forMs: 15_000, actFrom: START });
    expect(api.lease?.spec).toMatchObject({ holderIdentity: "a", leaseDurationSeconds: 15, leaseTransitions: 1, renewTime: "2026-03-01T12:00:00.000000Z" });
    expect(api.lease?.metadata.annotations).toEqual({ [STORE_ANNOTATION]: "store-1" });
  });

  it("renews in the same epoch, with one request each time", async () => {
    const lease = engine("a");
    await lease.hold("store-1");
    const asked = server.asked.length;
    now += 5_000;
    expect(held(await lease.hold("store-1")).epoch).toBe(1);
    expect(server.asked.length - asked).toBe(1);
    expect(api.lease?.spec.renewTime).toBe("2026-03-01T12:00:05.000000Z");
  });

  it("goes above every epoch that its store knows when the Lease was deleted", async () => {
    expect(held(await engine("a", { epochAbove: () => 41 }).hold("store-1")).epoch).toBe(42);
  });

  it("takes a Lease that was made empty by hand without waiting", async () => {
    api.store({ metadata: { name: "kintsugi", resourceVersion: "" }, spec: {} });
    expect(held(await engine("a").hold("store-1"))).toMatchObject({ epoch: 1, actFrom: START });
  });
});

describe("two engines", () => {
  it("never hold it at once: the second sees the first until it has not moved for its whole duration", async () => {
    const first = engine("a");
    const second = engine("b");
    await first.hold("store-1");
    for (let second_ = 0; second_ < 60; second_ += 5) {
      expect(await second.hold("store-1")).toEqual({ type: "other", holder: "a" });
      now += 5_000;
      await first.hold("store-1");
    }
    expect(await second.hold("store-1")).toEqual({ type: "other", holder: "a" });
    now += 14_999;
    expect(await second.hold("store-1")).toEqual({ type: "other", holder: "a" });
    now += 1;
    expect(held(await second.hold("store-1"))).toMatchObject({ epoch: 2, actFrom: now });
    expect(await first.hold("store-1")).toEqual({ type: "other", holder: "b" });
  });

  it("trust no clock but their own: a renewal time far in the past does not make a Lease free", async () => {
    api.store({
      metadata: { name: "kintsugi", resourceVersion: "", annotations: { [STORE_ANNOTATION]: "store-1" } },
      spec: { holderIdentity: "x", leaseDurationSeconds: 15, leaseTransitions: 7, renewTime: "2020-01-01T00:00:00.000000Z" },
    });
    expect(await engine("b").hold("store-1")).toEqual({ type: "other", holder: "x" });
  });

  it("the one that comes second in a race sees the other", async () => {
    api.beforeWrite = () => {
      api.beforeWrite = () => {};
      api.store({
        metadata: { name: "kintsugi", resourceVersion: "", annotations: { [STORE_ANNOTATION]: "store-1" } },
        spec: { holderIdentity: "quick", leaseTransitions: 1 },
      });
    };
    expect(await engine("slow").hold("store-1")).toEqual({ type: "other", holder: "quick" });
  });

  it("a Lease given back is taken at once, in a new epoch", async () => {
    const first = engine("a");
    await first.hold("store-1");
    await first.release();
    expect(api.lease?.spec.holderIdentity).toBe("");
    expect(held(await engine("b").hold("store-1"))).toMatchObject({ epoch: 2, actFrom: now });
  });

  it("giving back what somebody else took meanwhile leaves it with them", async () => {
    const first = engine("a");
    await first.hold("store-1");
    api.store({ metadata: { name: "kintsugi", resourceVersion: "" }, spec: { holderIdentity: "b", leaseTransitions: 2 } });
    await first.release();
    expect(api.lease?.spec.holderIdentity).toBe("b");
  });
});

describe("another store", () => {
  it("waits a whole budget window before it acts, through renewals and a restart", async () => {
    const first = engine("a");
    await first.hold("store-1");
    await first.release();
    now += 60_000;
    const actFrom = now + HOUR;
    const second = engine("b");
    expect(held(await second.hold("store-2")).actFrom).toBe(actFrom);
    now += 600_000;
    expect(held(await second.hold("store-2")).actFrom).toBe(actFrom);
    expect(api.lease?.metadata.annotations).toEqual({ [STORE_ANNOTATION]: "store-2", [ACT_FROM_ANNOTATION]: new Date(actFrom).toISOString() });
    await second.release();
    now += 600_000;
    expect(held(await engine("c").hold("store-2")).actFrom).toBe(actFrom);
  });

  it("acts when the window has passed", async () => {
    const first = engine("a");
    await first.hold("store-1");
    await first.release();
    const second = engine("b");
    await second.hold("store-2");
    now += HOUR + 1;
    const late = held(await second.hold("store-2"));
    expect(late.actFrom).toBeLessThanOrEqual(now);
  });

  it("a waiting time written by a clock that runs ahead is not believed beyond the window", async () => {
    api.store({
      metadata: { name: "kintsugi", resourceVersion: "", annotations: { [STORE_ANNOTATION]: "store-1", [ACT_FROM_ANNOTATION]: "2099-01-01T00:00:00Z" } },
      spec: { holderIdentity: "", leaseTransitions: 3 },
    });
    expect(held(await engine("a").hold("store-1")).actFrom).toBe(START + HOUR);
  });
});

describe("what stands in the way", () => {
  const failure = async (promise: Promise<unknown>) => {
    const error = await promise.then(
      () => expect.fail("it should have failed"),
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof PortError)) throw error;
    return error.failure;
  };

  it("a missing namespace is named, with what to do", async () => {
    api.namespaces.clear();
    expect((await failure(engine("a").hold("store-1"))).message).toContain('namespace "kintsugi" does not exist');
  });

  it("a missing namespace is created where that was asked for", async () => {
    api.namespaces.clear();
    expect(held(await engine("a", { createNamespace: true }).hold("store-1")).epoch).toBe(1);
  });

  it("a namespace that may not be created is a denial", async () => {
    api.namespaces.clear();
    api.mayCreateNamespaces = false;
    expect((await failure(engine("a", { createNamespace: true }).hold("store-1"))).kind).toBe("denied");
  });

  it("a lost answer throws, and the next hold looks at what is really there", async () => {
    const lease = engine("a");
    await lease.hold("store-1");
    let lost = false;
    server.script = (asked, response) => {
      if (lost || asked.method !== "PUT") return api.script(asked, response);
      lost = true;
      // Stored, but the answer never arrives.
      api.store(JSON.parse(asked.body) as StoredLease);
      response.socket?.destroy();
      return true;
    };
    expect((await failure(lease.hold("store-1"))).kind).toBe("uncertain");
    expect(held(await lease.hold("store-1")).epoch).toBe(1);
  });

  it("an API server that is away throws", async () => {
    const lease = engine("a");
    await lease.hold("store-1");
    const { port } = server;
    await server.close();
    expect((await failure(lease.hold("store-1"))).kind).toBe("unavailable");
    await server.listenAgain(port);
    expect(held(await lease.hold("store-1")).epoch).toBe(1);
  });
});
