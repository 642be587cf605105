/**
 * The Kubernetes adapter against a real API server and real kubelets. Everything is made in namespaces of its own and removed
 * again; KINTSUGI_CLUSTER_KUBECONFIG names the cluster.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect as connectTcp, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Failure, KINDS, type Observation, OPTIONAL_KINDS, PortError, type Ref, type Step, type Target } from "@kintsugi/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { createKubernetes, type Kubernetes, type KubernetesOptions } from "../src/adapters/kubernetes/index.ts";
import { eventually, View } from "../src/adapters/kubernetes/testing/view.ts";
import { type HttpReply, type HttpRequest, Transport } from "../src/adapters/kubernetes/transport.ts";

const kubeconfig = process.env["KINTSUGI_CLUSTER_KUBECONFIG"] ?? "";
if (kubeconfig === "") throw new Error("KINTSUGI_CLUSTER_KUBECONFIG must name the kubeconfig of a test cluster (make test-cluster sets it)");

const run = `${process.pid}-${Date.now().toString(36)}`;
const namespace = `kintsugi-adapter-${run}`;
const source = { type: "kubeconfig", paths: [kubeconfig] } as const;
const monotonic = (): number => performance.now();
const raw = new Transport(source, { monotonic, wall: () => Date.now() }, "kintsugi-test");
const folder = mkdtempSync(join(tmpdir(), "kintsugi-adapter-"));
const made: Kubernetes[] = [];

function connect(options: Partial<KubernetesOptions> = {}): Kubernetes {
  const kubernetes = createKubernetes({ source, identity: `adapter-${run}`, random: Math.random, now: Date.now, monotonic, ...options });
  made.push(kubernetes);
  return kubernetes;
}

/** A request past the adapter, as a person with kubectl would make it. */
async function person(method: HttpRequest["method"], path: string, body?: unknown, contentType?: string): Promise<HttpReply> {
  return raw.send({ method, path, timeoutMs: 20_000, ...(body === undefined ? {} : { body }), ...(contentType === undefined ? {} : { contentType }) });
}

async function create(path: string, body: unknown): Promise<Record<string, unknown> & { metadata: { uid: string } }> {
  const reply = await person("POST", path, body);
  if (reply.status !== 201) throw new Error(`${path}: ${reply.status} ${reply.body}`);
  return JSON.parse(reply.body);
}

const core = `/api/v1/namespaces/${namespace}`;
const podSpec = (command: string, fields: object = {}) => ({
  terminationGracePeriodSeconds: 0,
  containers: [{ name: "app", image: "localhost/busybox:1", command: ["sh", "-c", command], ...fields }],
});
const configMap = async (name: string, data: Record<string, string>): Promise<Target> => {
  const { metadata } = await create(`${core}/configmaps`, { metadata: { name }, data });
  return { kind: "ConfigMap", namespace, name, uid: metadata.uid };
};

async function failure(promise: Promise<unknown>): Promise<Failure> {
  const error = await promise.then(
    (value) => expect.fail(`it should have failed, not returned ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof PortError)) throw error;
  return error.failure;
}

beforeAll(async () => {
  await create("/api/v1/namespaces", { metadata: { name: namespace } });
}, 30_000);

afterAll(async () => {
  await person("DELETE", `/api/v1/namespaces/${namespace}`);
  for (const kubernetes of made) await kubernetes.close();
  await raw.close();
  rmSync(folder, { recursive: true, force: true });
}, 30_000);

describe("the probe", () => {
  it("names version, identity, kinds and rights", async () => {
    const probe = await connect().probe();
    expect(probe).toMatchObject({ reachable: true, problem: "", serverVersion: expect.stringMatching(/^v1\.\d+/), identity: { username: expect.any(String) } });
    for (const { kind, served, list, watch } of probe.kinds) {
      if (!OPTIONAL_KINDS.includes(kind)) expect({ kind, served, list, watch }).toEqual({ kind, served: "yes", list: "allowed", watch: "allowed" });
    }
  }, 30_000);
});

describe("list and watch", () => {
  it("brings every kind to life, and follows what a person does", async () => {
    const view = new View();
    const stop = connect().cluster.watch(view.deliver);
    const settled = (): boolean =>
      KINDS.every((kind) => view.health.get(kind) === "live" || (OPTIONAL_KINDS.includes(kind) && view.health.get(kind) === "not-served"));
    await eventually("every kind is live or proven absent", settled, 20_000);
    await create(`/apis/apps/v1/namespaces/${namespace}/deployments`, {
      metadata: { name: "web" },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: "web" } },
        template: { metadata: { labels: { app: "web" } }, spec: podSpec("sleep 3600", { env: [{ name: "API_TOKEN", value: "t0p-s3cret" }] }) },
      },
    });
    const pods = () => [...view.objects.values()].flatMap((object) => (object.kind === "Pod" && object.metadata.namespace === namespace ? [object] : []));
    await eventually("both pods run", () => pods().filter((pod) => pod.status.phase === "Running").length === 2, 60_000);
    const deployment = view.objects.get(`Deployment/${namespace}/web`);
    expect(deployment?.metadata.managers).toContainEqual(
      expect.objectContaining({ manager: "kintsugi-test", paths: expect.arrayContaining(["/spec/replicas"]) }),
    );
    expect(JSON.stringify([...view.objects.values()])).not.toContain("t0p-s3cret");
    await eventually("their events are seen", () =>
      [...view.objects.values()].some((object) => object.kind === "Event" && object.involved.namespace === namespace && object.reason === "Started"),
    );
    await person("DELETE", `/apis/apps/v1/namespaces/${namespace}/deployments/web`, { propagationPolicy: "Background" });
    await eventually("all of it is gone", () => pods().length === 0 && view.objects.get(`Deployment/${namespace}/web`) === undefined, 60_000);
    stop();
  }, 120_000);

  it("sees the same objects as a plain list", async () => {
    const view = new View();
    const stop = connect({ watch: { pageSize: 3 } }).cluster.watch(view.deliver);
    await configMap("plain-list", { a: "1" });
    await eventually("config maps are live", () => view.health.get("ConfigMap") === "live" && view.objects.has(`ConfigMap/${namespace}/plain-list`), 20_000);
    const { items } = JSON.parse((await person("GET", "/api/v1/configmaps")).body) as { items: { metadata: { namespace: string; name: string } }[] };
    const expected = items.map(({ metadata }) => `ConfigMap/${metadata.namespace}/${metadata.name}`).sort();
    await eventually(
      "they are equal",
      () => JSON.stringify([...view.objects.keys()].filter((key) => key.startsWith("ConfigMap/")).sort()) === JSON.stringify(expected),
    );
    stop();
  }, 60_000);

  it("survives connections that break at any time without losing anything", async () => {
    const proxy = await BreakingProxy.to(kubeconfig);
    const file = join(folder, "through-proxy");
    writeFileSync(file, proxy.kubeconfig(kubeconfig));
    const view = new View();
    const stop = connect({ source: { type: "kubeconfig", paths: [file] }, watch: { backoffMinMs: 20, backoffMaxMs: 200, staleGraceMs: 3_000 } }).cluster.watch(
      view.deliver,
    );
    await eventually("config maps are live", () => view.health.get("ConfigMap") === "live", 20_000);
    const lists = view.lists;
    for (let i = 0; i < 20; i++) {
      await configMap(`broken-${i}`, { i: `${i}` });
      if (i % 2 === 0) proxy.breakAll();
      if (i % 5 === 4) await person("DELETE", `${core}/configmaps/broken-${i - 1}`);
    }
    const expected = [0, 1, 2, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15, 16, 17, 19].map((i) => `ConfigMap/${namespace}/broken-${i}`).sort();
    await eventually(
      "nothing was lost",
      () => JSON.stringify([...view.objects.keys()].filter((key) => key.includes("/broken-")).sort()) === JSON.stringify(expected),
      20_000,
    );
    // Resumed, not listed anew: the real server took our last versions.
    expect(view.lists - lists).toBeLessThan(KINDS.length);
    stop();
    await proxy.close();
  }, 90_000);

  it("notices a kind that is installed later, and one that is removed", async (context) => {
    const crd = "applications.argoproj.io";
    const installed = (await person("GET", `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${crd}`)).status === 200;
    context.skip(installed, "Argo CD's Application is installed here and is not ours to remove");
    const view = new View();
    const stop = connect({ watch: { discoveryRetryMs: 500, backoffMinMs: 100, backoffMaxMs: 500 } }).cluster.watch(view.deliver);
    await eventually("it is proven absent", () => view.health.get("Application") === "not-served", 20_000);
    await create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", {
      metadata: { name: crd },
      spec: {
        group: "argoproj.io",
        scope: "Namespaced",
        names: { kind: "Application", plural: "applications", singular: "application", listKind: "ApplicationList" },
        versions: [
          { name: "v1alpha1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } } },
        ],
      },
    });
    await eventually("it is live", () => view.health.get("Application") === "live", 30_000);
    await create(`/apis/argoproj.io/v1alpha1/namespaces/${namespace}/applications`, {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Application",
      metadata: { name: "shop" },
      spec: { source: { repoURL: "https://bot:t0ken@git.example.org/shop", path: "deploy" } },
    });
    await eventually("its object is seen", () => view.objects.has(`Application/${namespace}/shop`));
    expect(view.objects.get(`Application/${namespace}/shop`)).toMatchObject({ repoURL: "https://git.example.org/shop" });
    await person("DELETE", `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${crd}`);
    await eventually(
      "it is absent again",
      () => view.health.get("Application") === "not-served" && ![...view.objects.keys()].some((key) => key.startsWith("Application/")),
      60_000,
    );
    stop();
  }, 150_000);
});

describe("changes", () => {
  const { cluster } = connect();
  const patch = (target: Target, value: string, previous: string): Step => ({
    verb: "patch",
    target,
    patch: [
      { op: "test", path: "/metadata/annotations/step", value: previous },
      { op: "replace", path: "/metadata/annotations/step", value },
    ],
  });
  const annotated = async (name: string): Promise<Target> => {
    const { metadata } = await create(`${core}/configmaps`, { metadata: { name, annotations: { step: "1" } } });
    return { kind: "ConfigMap", namespace, name, uid: metadata.uid };
  };

  it("a patch lands, as field manager kintsugi, and returns the object as it is then", async () => {
    const target = await annotated("patched");
    expect(await cluster.apply(patch(target, "2", "1"), { dryRun: false })).toMatchObject({ kind: "ConfigMap", metadata: { annotations: { step: "2" } } });
    const after = await cluster.read(target);
    expect(after?.metadata.managers).toContainEqual(expect.objectContaining({ manager: "kintsugi", paths: ["/metadata/annotations/step"] }));
  });

  it("a dry run goes through everything and leaves nothing", async () => {
    const target = await annotated("dry");
    expect(await cluster.apply(patch(target, "2", "1"), { dryRun: true })).toMatchObject({ metadata: { annotations: { step: "2" } } });
    expect((await cluster.read(target))?.metadata.annotations).toEqual({ step: "1" });
    await cluster.apply({ verb: "delete", target }, { dryRun: true });
    expect(await cluster.read(target)).toBeDefined();
    const ref: Ref = { kind: "ConfigMap", namespace, name: "never" };
    await cluster.apply({ verb: "create", ref, manifest: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "never", namespace } } }, { dryRun: true });
    expect(await cluster.read(ref)).toBeUndefined();
  });

  it("a test operation that fails is a conflict: for a value, for a field that is not there", async () => {
    const target = await annotated("tested");
    expect((await failure(cluster.apply(patch(target, "3", "2"), { dryRun: false }))).kind).toBe("conflict");
    const absent: Step = { verb: "patch", target, patch: [{ op: "test", path: "/metadata/labels/none", value: "x" }] };
    expect((await failure(cluster.apply(absent, { dryRun: true }))).kind).toBe("conflict");
  });

  it("another object of the same name is gone, and so is none", async () => {
    const target = await annotated("again");
    await person("DELETE", `${core}/configmaps/again`);
    for (const step of [patch(target, "2", "1"), { verb: "delete", target } as const])
      expect((await failure(cluster.apply(step, { dryRun: false }))).kind).toBe("gone");
    await annotated("again");
    for (const step of [patch(target, "2", "1"), { verb: "delete", target } as const])
      expect((await failure(cluster.apply(step, { dryRun: false }))).kind).toBe("gone");
    expect(await cluster.read(target)).toBeUndefined();
    expect(await cluster.read({ kind: "ConfigMap", namespace, name: "again" })).toBeDefined();
  });

  it("what the API will never accept is invalid, with the field and without the values", async () => {
    const target = await annotated("invalid");
    const badLabel: Step = { verb: "patch", target, patch: [{ op: "add", path: "/metadata/labels", value: { "bad key": "x" } }] };
    expect(await failure(cluster.apply(badLabel, { dryRun: false }))).toMatchObject({ kind: "invalid", message: expect.stringContaining("metadata.labels") });
    const wrongType: Step = { verb: "patch", target, patch: [{ op: "add", path: "/data", value: 3 }] };
    const { kind, message } = await failure(cluster.apply(wrongType, { dryRun: false }));
    expect(kind).toBe("invalid");
    expect(message).not.toContain(target.uid);
  });

  it("a second creation is a conflict, one in a missing namespace finds its place gone", async () => {
    const job = (name: string, where: string): Step => ({
      verb: "create",
      ref: { kind: "Job", namespace: where, name },
      manifest: {
        apiVersion: "batch/v1",
        kind: "Job",
        metadata: { name, namespace: where },
        spec: { template: { spec: { ...podSpec("true"), restartPolicy: "Never" } } },
      },
    });
    expect(await cluster.apply(job("once", namespace), { dryRun: false })).toMatchObject({ kind: "Job", spec: { backoffLimit: 6 } });
    expect((await failure(cluster.apply(job("once", namespace), { dryRun: false }))).kind).toBe("conflict");
    expect((await failure(cluster.apply(job("once", "kintsugi-no-such-namespace"), { dryRun: false }))).kind).toBe("gone");
  });

  it("a deletion takes exactly its object, dependants follow", async () => {
    const target = await annotated("deleted");
    await cluster.apply({ verb: "delete", target }, { dryRun: false });
    expect(await cluster.read(target)).toBeUndefined();
  });
});

describe("eviction, logs and Events, with a real pod", () => {
  const { cluster } = connect();
  let target: Target;

  beforeAll(async () => {
    const command = "echo first; echo password=hunter22; echo last; sleep 3600";
    const { metadata } = await create(`${core}/pods`, { metadata: { name: "runner", labels: { app: "runner" } }, spec: podSpec(command) });
    target = { kind: "Pod", namespace, name: "runner", uid: metadata.uid };
    await create(`/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`, {
      metadata: { name: "guard" },
      spec: { minAvailable: 1, selector: { matchLabels: { app: "runner" } } },
    });
    for (let tries = 0; ; tries++) {
      const pod = await cluster.read(target);
      if (pod?.kind === "Pod" && pod.status.conditions.some(({ type, status }) => type === "Ready" && status === "True")) break;
      if (tries > 120) throw new Error("the pod does not become ready");
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }, 90_000);

  it("reads the end of the log, without what is secret in it", async () => {
    let log = "";
    for (let tries = 0; tries < 40 && !log.includes("last"); tries++) {
      log = await cluster.logs(target, "app", { previous: false, maxBytes: 4_000 });
      if (!log.includes("last")) await new Promise((resolve) => setTimeout(resolve, 250));
    }
    expect(log).toBe("first\npassword=[redacted]\nlast\n");
    expect(await cluster.logs(target, "app", { previous: false, maxBytes: 8 })).toBe("last\n");
    expect(await cluster.logs(target, "app", { previous: true, maxBytes: 100 })).toBe("");
    expect((await failure(cluster.logs({ ...target, name: "nobody" }, "app", { previous: false, maxBytes: 100 }))).kind).toBe("gone");
  }, 30_000);

  it("puts an Event on the pod that people and we can see", async () => {
    await cluster.announce(target, { type: "Normal", reason: "KintsugiLooked", message: "looked at it" });
    const { items } = JSON.parse((await person("GET", `${core}/events`)).body) as {
      items: { reason: string; message: string; reportingComponent: string; involvedObject: { uid: string } }[];
    };
    expect(items).toContainEqual(
      expect.objectContaining({
        reason: "KintsugiLooked",
        message: "looked at it",
        reportingComponent: "kintsugi",
        involvedObject: expect.objectContaining({ uid: target.uid }),
      }),
    );
    const observations: Observation[] = [];
    const stop = cluster.watch((batch) => observations.push(...batch));
    const seen = () =>
      observations
        .flatMap((each) => (each.type === "listed" ? each.objects : each.type === "object" ? [each.object] : []))
        .some((each) => each.kind === "Event" && each.reason === "KintsugiLooked" && each.source === "kintsugi");
    await eventually("we see it too", seen, 20_000);
    stop();
  }, 40_000);

  it("is throttled by a disruption budget, evicts once that is gone, and then finds it gone", async () => {
    const evict: Step = { verb: "evict", target };
    // The budget's controller may not have counted yet; until then it allows nothing either.
    expect(await failure(cluster.apply(evict, { dryRun: false }))).toMatchObject({ kind: "throttled", message: expect.stringContaining("disruption budget") });
    await person("DELETE", `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets/guard`);
    expect((await failure(cluster.apply({ verb: "evict", target: { ...target, uid: "another" } }, { dryRun: false }))).kind).toBe("gone");
    await cluster.apply(evict, { dryRun: true });
    expect(await cluster.read(target)).toMatchObject({ kind: "Pod" });
    await cluster.apply(evict, { dryRun: false });
    for (let tries = 0; tries < 60 && (await cluster.read(target)) !== undefined; tries++) await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await failure(cluster.apply(evict, { dryRun: false }))).kind).toBe("gone");
  }, 60_000);
});

describe("an identity with few rights", () => {
  /** A kubeconfig of its own for a service account that may do nothing but what `rules` say. */
  async function serviceAccount(name: string, rules: readonly object[]): Promise<KubernetesOptions["source"]> {
    await create(`${core}/serviceaccounts`, { metadata: { name } });
    await create(`/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles`, { metadata: { name }, rules });
    await create(`/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`, {
      metadata: { name },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
      subjects: [{ kind: "ServiceAccount", name, namespace }],
    });
    const { status } = (await create(`${core}/serviceaccounts/${name}/token`, { spec: { expirationSeconds: 600 } })) as unknown as {
      status: { token: string };
    };
    return withToken(name, status.token);
  }

  function withToken(name: string, token: string): KubernetesOptions["source"] {
    const config = parse(readFileSync(kubeconfig, "utf8")) as { users: { user: unknown }[] };
    const file = join(folder, `as-${name}`);
    writeFileSync(file, stringify({ ...config, users: config.users.map((user) => ({ ...user, user: { token } })) }), { mode: 0o600 });
    return { type: "kubeconfig", paths: [file] };
  }

  it("learns what it may do, is denied the rest, and its view says forbidden", async () => {
    const rights = await serviceAccount("few", [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get"] }]);
    const { cluster, probe } = connect({ source: rights });
    expect((await probe()).identity?.username).toBe(`system:serviceaccount:${namespace}:few`);
    const may = (verb: "get" | "delete") => cluster.review({ group: "", resource: "configmaps", subresource: "", verb, namespace, name: "" });
    expect([await may("get"), await may("delete")]).toEqual(["allowed", "denied"]);
    const target = await configMap("not-mine", {});
    expect(await cluster.read(target)).toMatchObject({ kind: "ConfigMap" });
    expect((await failure(cluster.apply({ verb: "delete", target }, { dryRun: false }))).kind).toBe("denied");
    const view = new View();
    const stop = cluster.watch(view.deliver);
    await eventually("it is told", () => view.health.get("Pod") === "forbidden" && view.health.get("Node") === "forbidden", 20_000);
    expect(view.reasons.get("Pod")).toContain("forbidden");
    stop();
  }, 60_000);

  it("inside a pod is its service account, also after its token was rotated", async () => {
    await serviceAccount("inside", [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get"] }]);
    const { clusters } = parse(readFileSync(kubeconfig, "utf8")) as { clusters: { cluster: { server: string; "certificate-authority-data": string } }[] };
    const { server = "", "certificate-authority-data": authority = "" } = clusters[0]?.cluster ?? {};
    const account = mkdtempSync(join(folder, "serviceaccount-"));
    writeFileSync(join(account, "ca.crt"), Buffer.from(authority, "base64"));
    writeFileSync(join(account, "token"), "not-a-token-yet");
    let now = 0;
    const { hostname, port } = new URL(server);
    const { cluster, probe } = connect({ source: { type: "in-cluster", host: hostname, port, folder: account }, monotonic: () => now });
    expect(await probe()).toMatchObject({ reachable: true, problem: expect.stringContaining("expired?") });
    const { status } = (await create(`${core}/serviceaccounts/inside/token`, { spec: { expirationSeconds: 600 } })) as unknown as { status: { token: string } };
    writeFileSync(join(account, "token"), `${status.token}\n`);
    now = 3_000;
    const target = await configMap("seen-from-inside", {});
    expect(await cluster.read(target)).toMatchObject({ kind: "ConfigMap" });
    expect((await probe()).identity?.username).toBe(`system:serviceaccount:${namespace}:inside`);
  }, 30_000);

  it("that is not known any more is refused, and no part of the token is said", async () => {
    const token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJub2JvZHkifQ.c2lnbmF0dXJlLW9mLW5vYm9keQ";
    const { cluster, probe } = connect({ source: withToken("nobody", token) });
    const refused = await failure(cluster.read({ kind: "Node", namespace: "", name: "x" }));
    expect(refused.kind).toBe("unavailable");
    const said = await probe();
    expect(said).toMatchObject({ problem: expect.stringContaining("expired?") });
    expect(JSON.stringify([refused, said])).not.toContain("eyJ");
  });
});

describe("the Lease", () => {
  it("is held by one of two, renewed, given back and taken by the other", async () => {
    const first = connect({ identity: "first" }).lease({ namespace, durationMs: 3_000 });
    const second = connect({ identity: "second" }).lease({ namespace, durationMs: 3_000 });
    expect(await first.hold("store-a")).toMatchObject({ type: "held", epoch: 1, forMs: 3_000 });
    expect(await second.hold("store-a")).toEqual({ type: "other", holder: "first" });
    expect(await first.hold("store-a")).toMatchObject({ type: "held", epoch: 1 });
    await first.release();
    expect(await second.hold("store-a")).toMatchObject({ type: "held", epoch: 2 });
    // The second stops renewing, as if killed: the first waits its whole duration.
    const before = Date.now();
    let taken = await first.hold("store-b");
    while (taken.type === "other" && Date.now() - before < 15_000) {
      await new Promise((resolve) => setTimeout(resolve, 250));
      taken = await first.hold("store-b");
    }
    expect(Date.now() - before).toBeGreaterThanOrEqual(3_000);
    expect(taken).toMatchObject({ type: "held", epoch: 3 });
    if (taken.type === "held") expect(taken.actFrom).toBeGreaterThan(Date.now() + 3_500_000);
    expect(await second.hold("store-a")).toEqual({ type: "other", holder: "first" });
  }, 30_000);

  it("taken by many at once goes to exactly one", async () => {
    const all = Array.from({ length: 8 }, (_, i) => connect({ identity: `racer-${i}` }).lease({ namespace, name: "race" }));
    const results = await Promise.all(all.map((lease) => lease.hold("store")));
    expect(results.filter((result) => result.type === "held")).toHaveLength(1);
  }, 30_000);

  it("without its namespace says what to do, and makes it where it was told to", async () => {
    const own = `${namespace}-lease`;
    expect(await failure(connect().lease({ namespace: own }).hold("s"))).toMatchObject({ message: expect.stringContaining(`kubectl create namespace ${own}`) });
    expect(await connect().lease({ namespace: own, createNamespace: true }).hold("s")).toMatchObject({ type: "held" });
    await person("DELETE", `/api/v1/namespaces/${own}`);
  }, 30_000);
});

/** TCP between us and the API server that can be cut at any time. */
class BreakingProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(host: string, port: number) {
    this.#server = createServer((socket) => {
      const upstream = connectTcp(port, host);
      for (const each of [socket, upstream]) {
        this.#sockets.add(each);
        each.on("error", () => {});
        each.on("close", () => {
          this.#sockets.delete(each);
          socket.destroy();
          upstream.destroy();
        });
      }
      socket.pipe(upstream).pipe(socket);
    });
  }

  static async to(file: string): Promise<BreakingProxy> {
    const { clusters } = parse(readFileSync(file, "utf8")) as { clusters: { cluster: { server: string } }[] };
    const { hostname, port } = new URL(clusters[0]?.cluster.server ?? "");
    const proxy = new BreakingProxy(hostname, Number(port || 443));
    await new Promise<void>((resolve) => proxy.#server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  /** The same kubeconfig, through this proxy; the certificate is checked for the server's own name. */
  kubeconfig(file: string): string {
    const config = parse(readFileSync(file, "utf8")) as { clusters: { cluster: { server: string } }[] };
    const { port } = this.#server.address() as { port: number };
    const clusters = config.clusters.map((each) => ({
      ...each,
      cluster: { ...each.cluster, server: `https://127.0.0.1:${port}`, "tls-server-name": "kubernetes.default.svc" },
    }));
    return stringify({ ...config, clusters });
  }

  breakAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.breakAll();
    await closed;
  }
}
