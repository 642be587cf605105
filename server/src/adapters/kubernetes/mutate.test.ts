import { createServer } from "node:net";
import { type Failure, PortError, type Step, type Target } from "@kintsugi/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createKubernetes, type Kubernetes } from "./index.ts";
import { lastLines } from "./mutate.ts";
import { kubeconfigFor, temporaryFolder } from "./testing/kubeconfig-file.ts";
import { answer, answerStatus, type Script, ScriptedApiServer } from "./testing/scripted-api-server.ts";

let server: ScriptedApiServer;
let folder: ReturnType<typeof temporaryFolder>;
const made: Kubernetes[] = [];

beforeEach(async () => {
  server = await ScriptedApiServer.start();
  folder = temporaryFolder();
});

afterEach(async () => {
  for (const kubernetes of made.splice(0)) await kubernetes.close();
  await server.close();
  folder.remove();
});

function connect(url = server.url, requestTimeoutMs = 2_000): Kubernetes["cluster"] {
  const kubernetes = createKubernetes({
    source: { type: "kubeconfig", paths: [folder.file("config", kubeconfigFor(url, '{token: "tok-verysecret"}'))] },
    identity: "engine-1",
    random: () => 0,
    now: () => Date.parse("2026-03-01T12:00:00Z"),
    monotonic: () => performance.now(),
    requestTimeoutMs,
  });
  made.push(kubernetes);
  return kubernetes.cluster;
}

const target: Target = { kind: "Pod", namespace: "shop", name: "cart-0", uid: "u1" };
const pod = (uid = "u1") => ({
  kind: "Pod",
  apiVersion: "v1",
  metadata: { name: "cart-0", namespace: "shop", uid, resourceVersion: "5" },
  spec: { containers: [] },
});
const patch: Step = { verb: "patch", target, patch: [{ op: "replace", path: "/spec/activeDeadlineSeconds", value: 5 }] };
const evict: Step = { verb: "evict", target };
const remove: Step = { verb: "delete", target };
const create: Step = {
  verb: "create",
  ref: { kind: "Job", namespace: "shop", name: "again" },
  manifest: { apiVersion: "batch/v1", kind: "Job", metadata: { name: "again", namespace: "shop" } },
};

async function failure(promise: Promise<unknown>): Promise<Failure> {
  const error = await promise.then(
    () => expect.fail("it should have failed"),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof PortError)) throw error;
  return error.failure;
}

const last = () => server.asked.at(-1) ?? expect.fail("nothing was asked");
/** Answers everything but GET; GET finds the pod. */
const onWrite =
  (write: Script, current: unknown = pod()): Script =>
  (asked, response) => {
    if (asked.method !== "GET") return write(asked, response);
    if (current === null) answerStatus(response, 404, "NotFound", "not found");
    else answer(response, 200, current);
    return true;
  };
const refusing = (code: number, reason: string, message: string, details: unknown = {}, headers: Record<string, string> = {}): Script =>
  onWrite((_asked, response) => {
    answerStatus(response, code, reason, message, details, headers);
    return true;
  });

describe("a step is sent as it is", () => {
  beforeEach(() => {
    server.script = onWrite((asked, response) => {
      answer(response, asked.method === "POST" ? 201 : 200, asked.path.endsWith("/eviction") ? { kind: "Status", status: "Success" } : pod());
      return true;
    });
  });

  it("a patch, with the uid tested first and our field manager", async () => {
    expect(await connect().apply(patch, { dryRun: false })).toMatchObject({ kind: "Pod", metadata: { uid: "u1" } });
    expect(last()).toMatchObject({ method: "PATCH", path: "/api/v1/namespaces/shop/pods/cart-0" });
    expect(last().headers["content-type"]).toBe("application/json-patch+json");
    expect(Object.fromEntries(last().query)).toEqual({ fieldManager: "kintsugi" });
    expect(JSON.parse(last().body)).toEqual([
      { op: "test", path: "/metadata/uid", value: "u1" },
      { op: "replace", path: "/spec/activeDeadlineSeconds", value: 5 },
    ]);
  });

  it("a test of a text with characters that Go escapes, as Go would write them", async () => {
    const script: Step = { ...patch, patch: [{ op: "test", path: "/spec/containers/0/command", value: ["sh", "-c", "a && b > c"] }] };
    await connect().apply(script, { dryRun: false });
    expect(last().body).toContain(String.raw`a \u0026\u0026 b \u003e c`);
  });

  it("a dry run says so in every form", async () => {
    const cluster = connect();
    await cluster.apply(patch, { dryRun: true });
    expect(last().query.get("dryRun")).toBe("All");
    await cluster.apply(evict, { dryRun: true });
    expect(JSON.parse(last().body)).toMatchObject({ deleteOptions: { dryRun: ["All"] } });
    expect(last().query.get("dryRun")).toBe("All");
    await cluster.apply(remove, { dryRun: true });
    expect(JSON.parse(last().body)).toMatchObject({ dryRun: ["All"] });
    expect(last().query.get("dryRun")).toBe("All");
  });

  it("an eviction, of exactly this pod", async () => {
    expect(await connect().apply(evict, { dryRun: false })).toBeUndefined();
    expect(last()).toMatchObject({ method: "POST", path: "/api/v1/namespaces/shop/pods/cart-0/eviction" });
    expect(JSON.parse(last().body)).toEqual({
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: { name: "cart-0", namespace: "shop" },
      deleteOptions: { preconditions: { uid: "u1" } },
    });
  });

  it("a deletion, of exactly this object, in the background", async () => {
    // The server answers with the pod; it must not come back as one that is there.
    expect(await connect().apply(remove, { dryRun: false })).toBeUndefined();
    expect(last()).toMatchObject({ method: "DELETE", path: "/api/v1/namespaces/shop/pods/cart-0" });
    expect(JSON.parse(last().body)).toMatchObject({ preconditions: { uid: "u1" }, propagationPolicy: "Background" });
  });

  it("a creation, in its collection", async () => {
    await connect().apply(create, { dryRun: false });
    expect(last()).toMatchObject({ method: "POST", path: "/apis/batch/v1/namespaces/shop/jobs" });
    expect(JSON.parse(last().body)).toEqual(create.verb === "create" && create.manifest);
  });

  it("never with a redacted value in it", async () => {
    const value = { containers: [{ name: "a", env: [{ name: "PASSWORD", value: "redacted:sha256:0123456789abcdef" }] }] };
    const step: Step = { verb: "patch", target, patch: [{ op: "replace", path: "/spec", value }] };
    expect(await failure(connect().apply(step, { dryRun: false }))).toMatchObject({ kind: "invalid" });
    expect(server.asked).toHaveLength(0);
  });
});

describe("refusals", () => {
  // Bodies as kube-apiserver 1.34 sends them.
  const failedTest = refusing(422, "Invalid", "the server rejected our request due to an error in our request");

  it.each<[string, Step, Script, Partial<Failure>]>([
    ["a test operation that fails", patch, failedTest, { kind: "conflict" }],
    ["a version conflict", patch, refusing(409, "Conflict", "Operation cannot be fulfilled on pods"), { kind: "conflict" }],
    ["a name that exists", create, refusing(409, "AlreadyExists", 'jobs.batch "again" already exists'), { kind: "conflict" }],
    [
      "a value that breaks the rules",
      patch,
      refusing(422, "Invalid", 'Pod "cart-0" is invalid: spec.x: Required value', {
        causes: [{ reason: "FieldValueRequired", message: "Required value", field: "spec.x" }],
      }),
      { kind: "invalid" },
    ],
    ["a patch that cannot be read", patch, refusing(400, "BadRequest", "error decoding patch"), { kind: "invalid" }],
    ["no right", patch, refusing(403, "Forbidden", 'pods "cart-0" is forbidden'), { kind: "denied" }],
    ["credentials that have expired: nothing was done, and newer ones may come", patch, refusing(401, "Unauthorized", "Unauthorized"), { kind: "unavailable" }],
    [
      "a namespace that is going away",
      create,
      refusing(403, "Forbidden", "being terminated", { causes: [{ reason: "NamespaceTerminating", message: "" }] }),
      { kind: "gone" },
    ],
    ["a namespace that is not there", create, refusing(404, "NotFound", 'namespaces "shop" not found'), { kind: "gone" }],
    [
      "a disruption budget",
      evict,
      refusing(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.", { causes: [{ reason: "DisruptionBudget" }] }),
      { kind: "throttled" },
    ],
    ["a rate limit with a time", evict, refusing(429, "TooManyRequests", "slow down", {}, { "retry-after": "7" }), { kind: "throttled", retryAfterMs: 7_000 }],
    ["a rate limit with a time in the body", evict, refusing(429, "TooManyRequests", "", { retryAfterSeconds: 9 }), { kind: "throttled", retryAfterMs: 9_000 }],
    [
      "two budgets on one pod",
      evict,
      refusing(500, "InternalError", "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."),
      { kind: "invalid" },
    ],
    [
      "a webhook that is down",
      patch,
      refusing(500, "InternalError", 'Internal error occurred: failed calling webhook "x": connection refused'),
      { kind: "unavailable" },
    ],
    ["an internal error", patch, refusing(500, "InternalError", "Internal error occurred"), { kind: "uncertain" }],
    ["a time-out within the server", patch, refusing(504, "Timeout", "request did not complete within requested timeout"), { kind: "uncertain" }],
    ["a proxy without its server", patch, refusing(502, "", ""), { kind: "uncertain" }],
    ["a server that is starting", patch, refusing(503, "ServiceUnavailable", "not ready"), { kind: "unavailable" }],
    ["a body too large", patch, refusing(413, "RequestEntityTooLarge", "too large"), { kind: "invalid" }],
  ])("%s", async (_name, step, script, expected) => {
    server.script = script;
    expect(await failure(connect().apply(step, { dryRun: false }))).toMatchObject(expected);
  });

  it("the same conflict is `gone` when another object carries the name, or none", async () => {
    for (const current of [pod("other"), null]) {
      const conflict: Script = (_asked, response) => {
        answerStatus(response, 409, "Conflict", "the UID in the precondition (u1) does not match the UID in record (other)");
        return true;
      };
      server.script = onWrite(conflict, current);
      expect((await failure(connect().apply(remove, { dryRun: false }))).kind).toBe("gone");
    }
  });

  it("a dry run that fails inside the server changed nothing, so nothing is uncertain", async () => {
    server.script = refusing(500, "InternalError", "Internal error occurred");
    expect((await failure(connect().apply(patch, { dryRun: true }))).kind).toBe("unavailable");
  });

  it("messages are short and hold neither tokens nor the environment that Go prints into them", async () => {
    const struct = 'spec: Forbidden: pod updates may not change fields\n  core.PodSpec{ Env: []core.EnvVar{{Name: "A", Value: "hunter2"}}}';
    server.script = refusing(422, "Invalid", `Invalid value: v1.PodSpec{Containers:hunter2}`, { causes: [{ reason: "FieldValueInvalid" }] });
    expect((await failure(connect().apply(patch, { dryRun: false }))).message).not.toContain("hunter2");
    server.script = refusing(422, "Invalid", struct, { causes: [{ reason: "FieldValueForbidden" }] });
    expect((await failure(connect().apply(patch, { dryRun: false }))).message).not.toContain("hunter2");
    server.script = refusing(400, "BadRequest", `token=abcdef12345 ${"x".repeat(5000)}`);
    const { message } = await failure(connect().apply(patch, { dryRun: false }));
    expect(message).not.toContain("abcdef12345");
    expect(message.length).toBeLessThanOrEqual(500);
  });
});

describe("no answer", () => {
  it("a refused connection: certainly nothing happened", async () => {
    const { port } = server;
    await server.close();
    expect(await failure(connect().apply(patch, { dryRun: false }))).toMatchObject({
      kind: "unavailable",
      message: expect.stringContaining("connection refused"),
    });
    await server.listenAgain(port);
  });

  it("a name that does not resolve: certainly nothing happened", async () => {
    expect((await failure(connect("http://no-such-host.invalid:6443").apply(patch, { dryRun: false }))).kind).toBe("unavailable");
  });

  it("a server that hangs up before it speaks TLS: certainly nothing happened", async () => {
    const silent = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as { port: number };
    expect((await failure(connect(`https://127.0.0.1:${port}`).apply(patch, { dryRun: false }))).kind).toBe("unavailable");
    await new Promise((resolve) => silent.close(resolve));
  });

  it("a write that is cut off after it was sent may have landed", async () => {
    server.script = (asked, response) => {
      if (asked.method !== "PATCH") return false;
      response.socket?.destroy();
      return true;
    };
    expect((await failure(connect().apply(patch, { dryRun: false }))).kind).toBe("uncertain");
    expect((await failure(connect().apply(patch, { dryRun: true }))).kind).toBe("unavailable");
  });

  it("a write that is not answered in time may have landed, a read has not", async () => {
    server.script = () => true;
    const cluster = connect(server.url, 80);
    expect((await failure(cluster.apply(patch, { dryRun: false }))).kind).toBe("uncertain");
    expect((await failure(cluster.read(target))).kind).toBe("unavailable");
  });

  it("an answer that is cut off in its middle may have landed", async () => {
    server.script = (_asked, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
      response.write('{"kind":"Pod"', () => response.socket?.destroy());
      return true;
    };
    expect((await failure(connect().apply(patch, { dryRun: false }))).kind).toBe("uncertain");
  });

  it("a write does not ride on a pooled connection that may be dead", async () => {
    server.script = (_asked, response) => {
      answer(response, 200, pod());
      return true;
    };
    const cluster = connect();
    await cluster.read(target);
    await cluster.apply(patch, { dryRun: false });
    server.dropConnections();
    await expect(cluster.apply(patch, { dryRun: false })).resolves.toMatchObject({ kind: "Pod" });
  });
});

describe("a fresh read", () => {
  it("finds the object, past every cache", async () => {
    server.script = onWrite(() => false);
    expect(await connect().read(target)).toMatchObject({ metadata: { uid: "u1" } });
    expect(last().query.has("resourceVersion")).toBe(false);
  });

  it("finds nothing where there is nothing, or another incarnation than the one that is meant", async () => {
    server.script = onWrite(() => false, null);
    expect(await connect().read(target)).toBeUndefined();
    server.script = onWrite(() => false, pod("other"));
    expect(await connect().read(target)).toBeUndefined();
    expect(await connect().read({ kind: "Pod", namespace: "shop", name: "cart-0" })).toMatchObject({ metadata: { uid: "other" } });
  });

  it("with credentials that are not known is refused without showing them", async () => {
    server.script = (_asked, response) => {
      answerStatus(response, 401, "Unauthorized", "Bearer tok-verysecret is not known");
      return true;
    };
    const { kind, message } = await failure(connect().read(target));
    expect(kind).toBe("unavailable");
    expect(message).not.toContain("verysecret");
  });
});

describe("what is said and heard beside", () => {
  it("an Event is put on the object, in its namespace, or in default for a node", async () => {
    server.script = (_asked, response) => {
      answer(response, 201, {});
      return true;
    };
    const cluster = connect();
    await cluster.announce(target, { type: "Normal", reason: "Healed", message: "€".repeat(900) });
    expect(last().path).toBe("/apis/events.k8s.io/v1/namespaces/shop/events");
    const event = JSON.parse(last().body) as { note: string };
    expect(event).toMatchObject({
      reportingController: "kintsugi",
      reportingInstance: "engine-1",
      eventTime: "2026-03-01T12:00:00.000000Z",
      regarding: { kind: "Pod", apiVersion: "v1", namespace: "shop", name: "cart-0", uid: "u1" },
    });
    expect(Buffer.byteLength(event.note)).toBeLessThanOrEqual(1024);
    expect(event.note).toMatch(/^€+…$/);
    expect(event).toMatchObject({ metadata: { generateName: "cart-0-", namespace: "shop" } });
    await cluster.announce({ kind: "Node", namespace: "", name: "n", uid: "x" }, { type: "Warning", reason: "R", message: "m" });
    expect(last().path).toBe("/apis/events.k8s.io/v1/namespaces/default/events");
  });

  it("the end of a log, without the secrets in it", async () => {
    server.script = (_asked, response) => {
      response.writeHead(200).end("one\ntwo\nlogging in with password=hunter22\n");
      return true;
    };
    const text = await connect().logs(target, "app", { previous: true, maxBytes: 36 });
    expect(text).toBe("logging in with password=[redacted]\n");
    expect(last().path).toBe("/api/v1/namespaces/shop/pods/cart-0/log");
    expect(Object.fromEntries(last().query)).toMatchObject({ container: "app", previous: "true" });
    expect(Number(last().query.get("limitBytes"))).toBeGreaterThan(0);
  });

  it("no log is an empty one; no pod is gone", async () => {
    server.script = (_asked, response) => {
      answerStatus(response, 400, "BadRequest", "previous terminated container not found");
      return true;
    };
    expect(await connect().logs(target, "app", { previous: true, maxBytes: 40 })).toBe("");
    server.script = () => false;
    expect((await failure(connect().logs(target, "app", { previous: false, maxBytes: 40 }))).kind).toBe("gone");
  });

  it("the end of a text is cut at a line, else at a character", () => {
    expect(lastLines("short", 10)).toBe("short");
    expect(lastLines("first\nsecond\n", 9)).toBe("second\n");
    expect(lastLines("ä".repeat(10), 5)).toBe("ää");
    expect(lastLines("abc", 0)).toBe("");
  });
});
