import { KINDS } from "@kintsugi/core";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { WatchTuning } from "./follow-kind.ts";
import { createKubernetes, type Kubernetes } from "./index.ts";
import { kubeconfigFor, temporaryFolder } from "./testing/kubeconfig-file.ts";
import { answerStatus, ScriptedApiServer } from "./testing/scripted-api-server.ts";
import { eventually, View } from "./testing/view.ts";

const FAST: Partial<WatchTuning> = {
  backoffMinMs: 5,
  backoffMaxMs: 40,
  forbiddenRetryMs: 40,
  discoveryRetryMs: 40,
  staleGraceMs: 60,
  settledMs: 50,
  openTimeoutMs: 400,
};

let server: ScriptedApiServer;
let view: View;
let folder: ReturnType<typeof temporaryFolder>;
const running: { kubernetes: Kubernetes; stop: () => void }[] = [];

beforeEach(async () => {
  server = await ScriptedApiServer.start();
  view = new View();
  folder = temporaryFolder();
});

afterEach(async () => {
  for (const { kubernetes, stop } of running.splice(0)) {
    stop();
    await kubernetes.close();
  }
  await server.close();
  folder.remove();
});

function start(tuning: Partial<WatchTuning> = {}): () => void {
  const kubernetes = createKubernetes({
    source: { type: "kubeconfig", paths: [folder.file("config", kubeconfigFor(server.url))] },
    identity: "test",
    random: () => 0.5,
    now: () => 0,
    monotonic: () => performance.now(),
    watch: { ...FAST, ...tuning },
  });
  const stop = kubernetes.cluster.watch(view.deliver);
  running.push({ kubernetes, stop });
  return stop;
}

const allLive = (): Promise<void> => eventually("every kind is live", () => KINDS.every((kind) => view.health.get(kind) === "live"));
const inStep = (): Promise<void> => eventually("the view equals the server", () => sameState());
const sameState = (): boolean => JSON.stringify([...view.versions()].sort()) === JSON.stringify([...server.state()].sort());

describe("a cluster that behaves", () => {
  it("is listed in pages and then followed", async () => {
    for (let i = 0; i < 1203; i++) server.put("Pod", `p${i}`, "shop");
    server.put("Node", "n1");
    start();
    await allLive();
    expect(server.lists("Pod").map((asked) => asked.query.get("limit"))).toEqual(["500", "500", "500"]);
    expect(view.versions()).toEqual(server.state());
    server.put("Pod", "p7", "shop", { status: { phase: "Running" } });
    server.put("Pod", "new", "shop");
    server.remove("Pod", "p8", "shop");
    await inStep();
    expect(view.objects.get("Pod/shop/p7")).toMatchObject({ status: { phase: "Running" } });
    expect(view.gone).toEqual(["Pod/shop/p8#uid-9"]);
  });

  it("says unsynced before it says live, and live only once", async () => {
    start();
    await allLive();
    for (const kind of KINDS) expect(view.healthOf(kind)).toEqual(["unsynced", "live"]);
  });

  it("is never asked for a Secret", async () => {
    start();
    await allLive();
    expect(server.asked.filter((asked) => asked.path.includes("secrets"))).toEqual([]);
  });

  it("delivers a burst in few batches", async () => {
    start();
    await allLive();
    const before = view.batches;
    for (let i = 0; i < 500; i++) server.put("Pod", `p${i}`, "shop");
    await inStep();
    expect(view.batches - before).toBeLessThan(50);
  });

  it("hears nothing more after the watch was stopped, and asks nothing more", async () => {
    const stop = start();
    await allLive();
    stop();
    const asked = server.asked.length;
    const { lists, batches } = view;
    server.put("Pod", "late", "shop");
    await eventually("the watches are closed", () => server.openWatches() === 0);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect({ asked: server.asked.length, lists: view.lists, batches: view.batches }).toEqual({ asked, lists, batches });
  });
});

describe("a broken watch", () => {
  it("goes on from the last version without listing again, and a short break is not worth a word", async () => {
    start();
    await allLive();
    server.put("Pod", "before", "shop");
    await inStep();
    server.dropWatches();
    server.put("Pod", "meanwhile", "shop");
    await inStep();
    await eventually("the watch is open again", () => server.openWatches("Pod") === 1);
    expect(server.lists("Pod")).toHaveLength(1);
    expect(view.healthOf("Pod")).toEqual(["unsynced", "live"]);
  });

  it("goes on at once when the server ended it at its time", async () => {
    start({ settledMs: 0, backoffMinMs: 2_000, backoffMaxMs: 2_000 });
    await allLive();
    server.endWatches();
    server.put("Pod", "p", "shop");
    await inStep();
    expect(server.lists("Pod")).toHaveLength(1);
  });

  it("goes on from a bookmark after everything before it was compacted away", async () => {
    server.put("Pod", "old", "shop");
    start();
    await allLive();
    for (let i = 0; i < 20; i++) server.put("Node", `n${i}`);
    server.bookmark();
    await inStep();
    server.compact();
    server.dropWatches("Pod");
    await eventually("the pods are watched again", () => server.watches("Pod").length === 2);
    server.put("Pod", "new", "shop");
    await inStep();
    expect(server.lists("Pod")).toHaveLength(1);
  });

  it("is listed again after an ERROR event that says 410, and things deleted meanwhile are gone", async () => {
    server.put("Pod", "kept", "shop");
    server.put("Pod", "doomed", "shop");
    start();
    await allLive();
    server.dropWatches();
    server.remove("Pod", "doomed", "shop");
    server.put("Pod", "born", "shop");
    server.compact();
    await inStep();
    await eventually("the pods are watched again", () => server.openWatches("Pod") === 1);
    expect(server.lists("Pod")).toHaveLength(2);
  });

  it("is listed again after HTTP 410", async () => {
    start();
    await allLive();
    let refused = 0;
    server.script = (asked, response) => {
      if (!asked.query.has("watch") || asked.path !== "/api/v1/pods" || refused > 0) return false;
      refused++;
      answerStatus(response, 410, "Expired", "too old resource version");
      return true;
    };
    server.dropWatches("Pod");
    server.put("Pod", "p", "shop");
    await inStep();
    expect(refused).toBe(1);
    expect(server.lists("Pod")).toHaveLength(2);
  });

  it("is stale when it stays broken beyond the grace, and live again afterwards", async () => {
    start();
    await allLive();
    const { port } = server;
    await server.close();
    await eventually("pods are stale", () => view.health.get("Pod") === "stale");
    expect(view.reasons.get("Pod")).toMatch(/connection (refused|broke)/);
    await server.listenAgain(port);
    server.put("Pod", "after", "shop");
    await allLive();
    await inStep();
    expect(view.healthOf("Pod").filter((health) => health !== "stale")).toEqual(["unsynced", "live", "live"]);
  });

  it("is given up when a server that sends bookmarks falls silent, and is listed again", async () => {
    start({ bookmarkSilenceMs: 120 });
    await allLive();
    server.bookmark();
    await eventually("the silence was noticed", () => server.lists("Pod").length >= 2);
    await eventually("it is watched again", () => server.openWatches("Pod") >= 1);
  });

  it("is given up when it does not end at its time", async () => {
    start({ watchSeconds: 0.01, marginMs: -900 });
    await allLive();
    await eventually("it was opened again", () => server.watches("Pod").length >= 2);
    expect(server.lists("Pod")).toHaveLength(1);
  });

  it("is given up when it is never answered", async () => {
    let hang = true;
    server.script = (asked) => hang && asked.query.has("watch") && asked.path === "/api/v1/pods";
    start({ openTimeoutMs: 60 });
    await eventually("it was asked again", () => server.watches("Pod").length >= 2);
    await eventually("it is said", () => view.reasons.get("Pod") === "the watch was not answered in time");
    expect(view.health.get("Pod")).toBe("unsynced");
    hang = false;
    await allLive();
  });
});

describe("what a server may send", () => {
  it("half an event before the connection breaks is asked for again", async () => {
    start();
    await allLive();
    server.sendToWatches('{"type":"ADDED","object":{"kind":"Pod","metadata":{"name":"ha', "Pod");
    server.dropWatches("Pod");
    server.put("Pod", "half", "shop");
    await inStep();
  });

  it("an event cut into single bytes, characters included, is one event", async () => {
    start();
    await allLive();
    const object = server.put("Pod", "x", "shop");
    await inStep();
    const event = {
      type: "MODIFIED",
      object: { ...object, metadata: { ...(object["metadata"] as object), resourceVersion: "5000", labels: { name: "käse-😀" } } },
    };
    for (const byte of Buffer.from(`${JSON.stringify(event)}\n`)) {
      server.sendToWatches(Buffer.from([byte]), "Pod");
      await new Promise((resolve) => setImmediate(resolve));
    }
    await eventually("it arrived", () => view.objects.get("Pod/shop/x")?.metadata.resourceVersion === "5000");
    expect(view.objects.get("Pod/shop/x")?.metadata.labels).toEqual({ name: "käse-😀" });
  });

  it("a line without end is cut off at the limit, the view is stale and recovers", async () => {
    start({ maxLineBytes: 100_000, staleGraceMs: 0 });
    await allLive();
    server.sendToWatches("x".repeat(200_000), "Pod");
    await eventually("it was noticed", () => view.healthOf("Pod").includes("stale"));
    server.put("Pod", "p", "shop");
    await inStep();
    await allLive();
  });

  it.each(["not json\n", '{"type":"ADDED"}\n', '{"object":{}}\n', "null\n", '{"type":"ADDED","object":{"metadata":{}}}\n'])(
    "an event that makes no sense (%j) breaks the watch and nothing else",
    async (line) => {
      start();
      await allLive();
      server.sendToWatches(line, "Pod");
      server.put("Pod", "p", "shop");
      await inStep();
      await allLive();
    },
  );

  it("an event that can never be read is passed by listing again", async () => {
    start();
    await allLive();
    let poisoned = true;
    server.script = (asked, response) => {
      if (!poisoned || !asked.query.has("watch") || asked.path !== "/api/v1/pods") return false;
      response.writeHead(200).end("garbage\n");
      return true;
    };
    server.put("Pod", "p", "shop");
    await inStep();
    server.dropWatches("Pod");
    server.put("Pod", "q", "shop");
    await eventually("it was listed again", () => server.lists("Pod").length >= 2);
    await inStep();
    poisoned = false;
    await allLive();
  });

  it("a list that expires between its pages starts again", async () => {
    for (let i = 0; i < 30; i++) server.put("Pod", `p${i}`, "shop");
    let compacted = false;
    server.script = (asked) => {
      if (!compacted && asked.query.has("continue")) {
        compacted = true;
        server.remove("Pod", "p0", "shop");
        server.compact();
      }
      return false;
    };
    start({ pageSize: 10 });
    await allLive();
    expect(view.versions()).toEqual(server.state());
    expect(server.lists("Pod").length).toBeGreaterThan(3);
  });

  it("a page too large to take is asked for in smaller ones", async () => {
    for (let i = 0; i < 40; i++) server.put("ConfigMap", `c${i}`, "shop", { data: { text: "x".repeat(1000) } });
    start({ maxPageBytes: 8_000 });
    await allLive();
    expect(view.versions()).toEqual(server.state());
    expect(Math.min(...server.lists("ConfigMap").map((asked) => Number(asked.query.get("limit"))))).toBeLessThan(8);
  });

  it("a web page instead of a list is told apart from an empty cluster", async () => {
    server.script = (asked, response) => {
      if (asked.path !== "/api/v1/pods") return false;
      response.writeHead(200, { "content-type": "text/html" }).end("<html>log in</html>");
      return true;
    };
    start();
    await eventually("it is said", () => view.reasons.get("Pod") === "the API server's list is not readable JSON");
    expect(view.health.get("Pod")).toBe("unsynced");
  });

  it("429 with Retry-After is waited for", async () => {
    let refusedAt = 0;
    let retriedAt = 0;
    server.script = (asked, response) => {
      if (asked.path !== "/api/v1/pods" || asked.query.has("watch")) return false;
      if (refusedAt !== 0) {
        retriedAt ||= performance.now();
        return false;
      }
      refusedAt = performance.now();
      answerStatus(response, 429, "TooManyRequests", "too many requests", {}, { "retry-after": "1" });
      return true;
    };
    start();
    await allLive();
    expect(retriedAt - refusedAt).toBeGreaterThanOrEqual(990);
  });
});

describe("what may not or need not be seen", () => {
  it("a forbidden kind says so, is asked for again later, and becomes live when it is allowed", async () => {
    let forbidden = true;
    server.script = (asked, response) => {
      if (!forbidden || asked.path !== "/api/v1/nodes") return false;
      answerStatus(response, 403, "Forbidden", 'nodes is forbidden: User "x" cannot list resource "nodes"');
      return true;
    };
    start();
    await eventually("it is said", () => view.health.get("Node") === "forbidden");
    expect(view.reasons.get("Node")).toContain("cannot list resource");
    forbidden = false;
    await allLive();
    expect(view.healthOf("Node")).toEqual(["unsynced", "forbidden", "live"]);
  });

  it("a right that is taken away while watching is noticed when the watch ends", async () => {
    start();
    await allLive();
    server.script = (asked, response) => {
      if (asked.path !== "/api/v1/nodes") return false;
      answerStatus(response, 403, "Forbidden", "no more");
      return true;
    };
    server.endWatches();
    await eventually("it is said", () => view.health.get("Node") === "forbidden");
  });

  it("an API group that is not installed is proven absent, and is picked up when it is installed later", async () => {
    server.absent.add("Application");
    start();
    await eventually("it is said", () => view.health.get("Application") === "not-served");
    expect(view.reasons.get("Application")).toBe("the API server does not serve argoproj.io/v1alpha1");
    expect(server.lists("Application")).toHaveLength(0);
    server.absent.delete("Application");
    server.put("Application", "shop", "argocd");
    await allLive();
    await inStep();
  });

  it("an API group that is removed takes its objects along", async () => {
    server.put("Application", "shop", "argocd");
    start();
    await allLive();
    server.absent.add("Application");
    server.dropWatches("Application");
    await eventually("it is said", () => view.health.get("Application") === "not-served");
    expect([...view.objects.keys()]).toEqual([]);
  });

  it("discovery that fails proves nothing: the kind is listed all the same", async () => {
    server.script = (asked, response) => {
      if (asked.path !== "/apis/argoproj.io/v1alpha1") return false;
      answerStatus(response, 503, "ServiceUnavailable", "not now");
      return true;
    };
    start();
    await allLive();
  });

  it("expired credentials leave the view unsynced with the reason, and no token is shown", async () => {
    server.script = (_asked, response) => {
      answerStatus(response, 401, "Unauthorized", "Unauthorized");
      return true;
    };
    start();
    await eventually("it is said", () => (view.reasons.get("Pod") ?? "").includes("401"));
    expect(view.health.get("Pod")).toBe("unsynced");
  });
});

it("whatever happens to lists, watches and history, the view ends as the server's state", async () => {
  const kinds = fc.constantFrom("Pod", "Node", "Application");
  const event = fc.oneof(
    { weight: 6, arbitrary: fc.record({ type: fc.constant("put"), kind: kinds, name: fc.integer({ min: 0, max: 6 }) }) },
    { weight: 3, arbitrary: fc.record({ type: fc.constant("remove"), kind: kinds, name: fc.integer({ min: 0, max: 6 }) }) },
    {
      weight: 5,
      arbitrary: fc.record({ type: fc.constantFrom("drop", "end", "compact", "bookmark", "garbage", "half", "refuse-410", "refuse-500", "pause") }),
    },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 25 }), async (events) => {
      const own = await ScriptedApiServer.start();
      const seen = new View();
      const kubernetes = createKubernetes({
        source: { type: "kubeconfig", paths: [folder.file("property", kubeconfigFor(own.url))] },
        identity: "test",
        random: () => 0.5,
        now: () => 0,
        monotonic: () => performance.now(),
        watch: { ...FAST, pageSize: 2, backoffMinMs: 1, backoffMaxMs: 4 },
      });
      const stop = kubernetes.cluster.watch(seen.deliver);
      let refusal = 0;
      own.script = (_asked, response) => {
        if (refusal === 0) return false;
        answerStatus(response, refusal, "Scripted", "refused");
        refusal = 0;
        return true;
      };
      try {
        for (const happening of events) {
          if (happening.type === "put" && "kind" in happening) own.put(happening.kind as "Pod", `o${happening.name}`, "shop");
          else if (happening.type === "remove" && "kind" in happening) own.remove(happening.kind as "Pod", `o${happening.name}`, "shop");
          else if (happening.type === "drop") own.dropConnections();
          else if (happening.type === "end") own.endWatches();
          else if (happening.type === "compact") own.compact();
          else if (happening.type === "bookmark") own.bookmark();
          else if (happening.type === "garbage") own.sendToWatches("garbage\n");
          else if (happening.type === "half") own.sendToWatches('{"type":"MODIF');
          else if (happening.type === "refuse-410") refusal = 410;
          else if (happening.type === "refuse-500") refusal = 500;
          else await new Promise((resolve) => setTimeout(resolve, 8));
        }
        const expected = JSON.stringify([...own.state()].sort());
        await eventually("the view equals the server", () => JSON.stringify([...seen.versions()].sort()) === expected);
      } finally {
        stop();
        await kubernetes.close();
        await own.close();
      }
    }),
    { numRuns: 25 },
  );
}, 120_000);
