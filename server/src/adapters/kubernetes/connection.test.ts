import { chmodSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect as connectTcp } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createKubernetes, KubeconfigError, type Kubernetes } from "./index.ts";
import type { ConnectionSource } from "./kubeconfig.ts";
import { kubeconfigFor, temporaryFolder } from "./testing/kubeconfig-file.ts";
import { answer, answerStatus, ScriptedApiServer } from "./testing/scripted-api-server.ts";

let server: ScriptedApiServer;
let folder: ReturnType<typeof temporaryFolder>;
/** Monotonic, from some moment; the wall goes with it, from 1970. */
let now: number;
const WALL = Date.parse("2026-01-05T08:00:00Z");
const wall = (): number => WALL + now;
const made: Kubernetes[] = [];

beforeEach(async () => {
  server = await ScriptedApiServer.start();
  folder = temporaryFolder();
  now = 0;
});

afterEach(async () => {
  for (const kubernetes of made.splice(0)) await kubernetes.close();
  await server.close();
  folder.remove();
});

function connect(source: ConnectionSource): Kubernetes {
  const kubernetes = createKubernetes({ source, identity: "t", random: () => 0, now: wall, monotonic: () => now, requestTimeoutMs: 2_000 });
  made.push(kubernetes);
  return kubernetes;
}

const fromFile = (content: string, context?: string): ConnectionSource => ({
  type: "kubeconfig",
  paths: [folder.file("config", content)],
  ...(context === undefined ? {} : { context }),
  environment: { PATH: process.env["PATH"] },
});

function problem(source: ConnectionSource): string {
  try {
    connect(source);
  } catch (error) {
    if (error instanceof KubeconfigError) return error.message;
    throw error;
  }
  return expect.fail("it should have been refused");
}

const read = (kubernetes: Kubernetes) => kubernetes.cluster.read({ kind: "Node", namespace: "", name: "n" });
const lastAuthorization = () => server.asked.at(-1)?.headers["authorization"];

describe("a kubeconfig that cannot be used is refused with the reason and what would be right", () => {
  it("none found: every path that was looked at is named", () => {
    expect(problem({ type: "kubeconfig", paths: ["/nowhere/a", "/nowhere/b"] })).toMatch(
      /no kubeconfig found: looked at \/nowhere\/a, \/nowhere\/b; name one with/,
    );
  });

  it("unknown context: the known ones are named", () => {
    expect(problem(fromFile(kubeconfigFor("https://x:6443"), "prod"))).toMatch(/no context named "prod"; contexts there: test$/);
  });

  it("no current context", () => {
    expect(problem(fromFile("contexts: []\nclusters: []\n"))).toMatch(/no context was named and current-context is empty; it has no contexts/);
  });

  it("broken YAML: line and column, never the content", () => {
    const message = problem(fromFile('users:\n- name: u\n  user: {token: "tok-verysecret\n'));
    expect(message).toMatch(/is not valid YAML: line \d+, column \d+/);
    expect(message).not.toContain("verysecret");
  });

  it("something else altogether", () => {
    expect(problem(fromFile("just text"))).toMatch(/is not a kubeconfig/);
  });

  it("a context that refers to nothing", () => {
    expect(problem(fromFile("current-context: a\ncontexts: [{name: a, context: {cluster: gone, user: u}}]\n"))).toMatch(
      /it refers to cluster "gone", which no file defines/,
    );
  });

  it("a certificate file that is missing", () => {
    expect(problem(fromFile(kubeconfigFor("https://x", "{}", "certificate-authority: ca.pem")))).toMatch(
      /certificate-authority: cannot read .*ca\.pem: ENOENT/,
    );
  });

  it("a server that is no URL, a plugin without a command, a provider that kubectl dropped", () => {
    expect(problem(fromFile(kubeconfigFor("ftp://x")))).toMatch(/not an http\(s\) URL/);
    expect(problem(fromFile(kubeconfigFor("https://x", "{exec: {args: [a]}}")))).toMatch(/exec names no command/);
    expect(problem(fromFile(kubeconfigFor("https://x", "{auth-provider: {name: gcp}}")))).toMatch(
      /auth-provider "gcp" is not supported; use an exec credential plugin/,
    );
  });

  it("impersonation that cannot be meant: a group without a user, one that is not in a list", () => {
    expect(problem(fromFile(kubeconfigFor("https://x", "{as-groups: [ops]}")))).toMatch(/as-groups, as-uid and as-user-extra need a user: as/);
    expect(problem(fromFile(kubeconfigFor("https://x", "{as-uid: u}")))).toMatch(/need a user: as/);
    expect(problem(fromFile(kubeconfigFor("https://x", "{as: other, as-groups: ops}")))).toMatch(/as-groups is not a list/);
    expect(problem(fromFile(kubeconfigFor("https://x", "{as: other, as-user-extra: {team: x}}")))).toMatch(/as-user-extra of team is not a list/);
  });

  it("inside a cluster without a service account", () => {
    expect(problem({ type: "in-cluster", host: "10.0.0.1", port: "443", folder: folder.path })).toMatch(/cannot read .*ca\.crt: ENOENT/);
    expect(problem({ type: "in-cluster", host: "", port: "" })).toMatch(/not inside a cluster/);
  });
});

describe("several files", () => {
  it("are one, as KUBECONFIG's list is: the first that says a thing wins, missing ones are skipped", async () => {
    const first = folder.file("first", "current-context: both\ncontexts: [{name: both, context: {cluster: c, user: u}}]\n");
    const second = folder.file("second", kubeconfigFor(server.url, "{token: second}"));
    await read(connect({ type: "kubeconfig", paths: ["/nowhere", first, second] }));
    expect(lastAuthorization()).toBe("Bearer second");
  });
});

describe("who we say we are", () => {
  it("a token, a password, an impersonated user", async () => {
    await read(connect(fromFile(kubeconfigFor(server.url, "{token: abc}"))));
    expect(lastAuthorization()).toBe("Bearer abc");
    await read(connect(fromFile(kubeconfigFor(server.url, "{username: me, password: pw}"))));
    expect(lastAuthorization()).toBe(`Basic ${Buffer.from("me:pw").toString("base64")}`);
    await read(connect(fromFile(kubeconfigFor(server.url, "{token: abc, as: other}"))));
    expect(server.asked.at(-1)?.headers["impersonate-user"]).toBe("other");
  });

  it("everything that is impersonated: who asks as another must not have the groups of somebody else", async () => {
    const sent: [string, string][] = [];
    server.script = (_asked, response) => {
      const { rawHeaders } = response.req;
      for (let i = 0; i < rawHeaders.length; i += 2) sent.push([(rawHeaders[i] ?? "").toLowerCase(), rawHeaders[i + 1] ?? ""]);
      return false;
    };
    const user = "{token: abc, as: other, as-uid: u-1, as-groups: [dev, ops], as-user-extra: {Team/Name%: [x, y]}}";
    await read(connect(fromFile(kubeconfigFor(server.url, user))));
    expect(sent.filter(([name]) => name.startsWith("impersonate-"))).toEqual([
      ["impersonate-user", "other"],
      ["impersonate-uid", "u-1"],
      ["impersonate-group", "dev"],
      ["impersonate-group", "ops"],
      ["impersonate-extra-team%2fname%25", "x"],
      ["impersonate-extra-team%2fname%25", "y"],
    ]);
  });

  it("a token and its file: the file wins, since it is the one that is renewed", async () => {
    folder.file("token", "renewed");
    await read(connect(fromFile(kubeconfigFor(server.url, "{token: stale, tokenFile: token}"))));
    expect(lastAuthorization()).toBe("Bearer renewed");
  });

  it("the server's path prefix is kept", async () => {
    await read(connect(fromFile(kubeconfigFor(`${server.url}/k8s/clusters/c-1/`))));
    expect(server.asked.at(-1)?.path).toBe("/k8s/clusters/c-1/api/v1/nodes/n");
  });

  it("a token file is read again when it is a minute old", async () => {
    folder.file("token", "one\n");
    const kubernetes = connect(fromFile(kubeconfigFor(server.url, "{tokenFile: token}")));
    await read(kubernetes);
    folder.file("token", "two\n");
    now = 59_000;
    await read(kubernetes);
    expect(lastAuthorization()).toBe("Bearer one");
    now = 61_000;
    await read(kubernetes);
    expect(lastAuthorization()).toBe("Bearer two");
  });

  it("a refused token makes us read the file at once, and the request succeeds", async () => {
    folder.file("token", "old");
    const kubernetes = connect(fromFile(kubeconfigFor(server.url, "{tokenFile: token}")));
    server.script = (asked, response) => {
      if (asked.headers["authorization"] === "Bearer new") answer(response, 200, { kind: "Node", metadata: { name: "n", uid: "u" } });
      else answerStatus(response, 401, "Unauthorized", "Unauthorized");
      return true;
    };
    await expect(read(kubernetes)).rejects.toMatchObject({ failure: { kind: "unavailable" } });
    folder.file("token", "new");
    now = 5_000;
    expect(await read(kubernetes)).toMatchObject({ kind: "Node" });
  });

  it("trying again has only the time that is left: who asked to write may have lost the right to when it is over", async () => {
    const kubernetes = connect(fromFile(kubeconfigFor(server.url, "{tokenFile: token}")));
    folder.file("token", "one");
    await read(kubernetes);
    now = 10_000;
    server.script = (_asked, response) => {
      if (server.asked.length > 2) return true;
      now += 1_900;
      answerStatus(response, 401, "Unauthorized", "Unauthorized");
      return true;
    };
    const began = performance.now();
    await expect(read(kubernetes)).rejects.toMatchObject({ failure: { kind: "unavailable" } });
    expect(server.asked).toHaveLength(3);
    expect(performance.now() - began).toBeLessThan(1_500);
  });

  it("a service account's token and certificate authority come from its folder", async () => {
    folder.file("token", "sa-token");
    folder.file("ca.crt", "not used over plain HTTP");
    const kubernetes = connect({ type: "in-cluster", host: "127.0.0.1", port: `${server.port}`, folder: folder.path });
    const probe = await kubernetes.probe();
    // The scripted server speaks no TLS: what matters is where we went and that it is said.
    expect(probe).toMatchObject({ reachable: false, server: `https://127.0.0.1:${server.port} (in-cluster)` });
    expect(probe.problem).not.toBe("");
  });
});

it("the kubeconfig's proxy-url is the way to the server", async () => {
  const tunnels: string[] = [];
  const proxy = createServer((_request, response) => response.writeHead(405).end());
  proxy.on("connect", (request, client, head) => {
    tunnels.push(request.url ?? "");
    const upstream = connectTcp(server.port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    for (const socket of [client, upstream]) socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const { port } = proxy.address() as { port: number };
  const kubernetes = connect(fromFile(kubeconfigFor("http://cluster.example.org:6443", "{token: abc}", `proxy-url: "http://127.0.0.1:${port}"`)));
  expect(await read(kubernetes)).toBeUndefined();
  expect(tunnels).toEqual(["cluster.example.org:6443"]);
  expect(lastAuthorization()).toBe("Bearer abc");
  await kubernetes.close();
  await new Promise((resolve) => proxy.close(resolve));
});

describe("a credential plugin", () => {
  const plugin = (script: string): string => {
    const file = folder.file("plugin", `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    return "{exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin, args: [x], env: [{name: WHO, value: me}], installHint: install it, provideClusterInfo: true}}";
  };

  /** Prints a token and when it ends; each run is counted. */
  const printing = (expires: number): string =>
    plugin(`echo run >> ${join(folder.path, "runs")}
printf '%s' "$KUBERNETES_EXEC_INFO" > ${join(folder.path, "info")}
echo '{"kind":"ExecCredential","status":{"token":"'"$WHO-$1"'","expirationTimestamp":"${new Date(expires).toISOString()}"}}'`);

  it("is run with its environment and asked again only shortly before its token ends", async () => {
    const kubernetes = connect(fromFile(kubeconfigFor(server.url, printing(WALL + 100_000))));
    await read(kubernetes);
    now = 89_000;
    await read(kubernetes);
    expect(lastAuthorization()).toBe("Bearer me-x");
    expect(runs()).toBe(1);
    now = 91_000;
    await read(kubernetes);
    expect(runs()).toBe(2);
    expect(JSON.parse(readText("info"))).toMatchObject({ kind: "ExecCredential", spec: { interactive: false, cluster: { server: server.url } } });
  });

  it("whose token seems to have ended already is not run for every request: this host's clock may be wrong", async () => {
    const kubernetes = connect(fromFile(kubeconfigFor(server.url, printing(WALL - 3_600_000))));
    for (now = 0; now < 20_000; now += 2_000) await read(kubernetes);
    expect(runs()).toBe(2);
  });

  it("on a host whose clock is an hour ahead is asked again by the server's clock, once that is known", async () => {
    const kubernetes = connect(fromFile(kubeconfigFor(server.url, printing(WALL - 3_600_000 + 100_000))));
    server.script = (_asked, response) => {
      response.setHeader("date", new Date(wall() - 3_600_000).toUTCString());
      return false;
    };
    await read(kubernetes);
    for (const [at, expected] of [
      [11_000, 2],
      [85_000, 2],
      [92_000, 3],
    ] as const) {
      now = at;
      await read(kubernetes);
      expect(runs()).toBe(expected);
    }
  });

  it("that fails is named with its last words, without secrets, and with the hint", async () => {
    const kubernetes = connect(fromFile(kubeconfigFor(server.url, plugin("echo 'token=abcdef123 expired' >&2; exit 3"))));
    const { problem: said } = await kubernetes.probe();
    expect(said).toMatch(/credential plugin .*plugin failed \(exit 3\): token=\[redacted\] expired; install it/);
  });

  it("that prints something else is named, its output is not", async () => {
    const kubernetes = connect(fromFile(kubeconfigFor(server.url, plugin("echo tok-verysecret"))));
    const { problem: said } = await kubernetes.probe();
    expect(said).toMatch(/did not print an ExecCredential/);
    expect(said).not.toContain("verysecret");
  });

  it("that is not installed is named", async () => {
    const kubernetes = connect(fromFile(kubeconfigFor(server.url, "{exec: {command: no-such-plugin, installHint: get it}}")));
    expect((await kubernetes.probe()).problem).toMatch(/cannot run the credential plugin no-such-plugin: ENOENT; get it/);
  });

  const readText = (name: string): string => {
    const { readFileSync } = process.getBuiltinModule("node:fs");
    return readFileSync(join(folder.path, name), "utf8");
  };
  const runs = (): number => readText("runs").trim().split("\n").length;
});

describe("the probe", () => {
  const version = { gitVersion: "v1.34.4" };
  const user = { status: { userInfo: { username: "system:serviceaccount:kintsugi:kintsugi", groups: ["system:authenticated"] } } };

  it("tells version, identity, kinds and rights", async () => {
    server.absent.add("Application");
    server.script = (asked, response) => {
      if (asked.path === "/version") answer(response, 200, version);
      else if (asked.path.endsWith("selfsubjectreviews")) answer(response, 201, user);
      else if (asked.path.endsWith("selfsubjectaccessreviews")) {
        const { resource } = (JSON.parse(asked.body) as { spec: { resourceAttributes: { resource: string } } }).spec.resourceAttributes;
        answer(response, 201, { status: { allowed: resource !== "nodes" } });
      } else return false;
      return true;
    };
    const probe = await connect(fromFile(kubeconfigFor(server.url))).probe();
    expect(probe).toMatchObject({ reachable: true, problem: "", serverVersion: "v1.34.4", identity: { username: "system:serviceaccount:kintsugi:kintsugi" } });
    expect(probe.kinds.find(({ kind }) => kind === "Pod")).toEqual({ kind: "Pod", served: "yes", reason: "", list: "allowed", watch: "allowed" });
    expect(probe.kinds.find(({ kind }) => kind === "Node")).toMatchObject({ list: "denied", watch: "denied" });
    expect(probe.kinds.find(({ kind }) => kind === "Application")).toMatchObject({ served: "no" });
  });

  it("tells an unreachable server, an expired token and a thing that is no API server apart", async () => {
    const { port } = server;
    await server.close();
    expect(await connect(fromFile(kubeconfigFor(`http://127.0.0.1:${port}`))).probe()).toMatchObject({
      reachable: false,
      problem: expect.stringContaining("connection refused"),
    });
    await server.listenAgain(port);
    server.script = (_asked, response) => {
      answerStatus(response, 401, "Unauthorized", "Unauthorized");
      return true;
    };
    expect(await connect(fromFile(kubeconfigFor(server.url, "{token: old}"))).probe()).toMatchObject({
      reachable: true,
      problem: expect.stringContaining("expired?"),
    });
    server.script = (_asked, response) => {
      response.writeHead(200).end("<html>");
      return true;
    };
    expect(await connect(fromFile(kubeconfigFor(server.url))).probe()).toMatchObject({
      reachable: false,
      problem: "what answers there is not a Kubernetes API server",
    });
    server.script = (_asked, response) => {
      response.writeHead(502).end("<html>bad gateway</html>");
      return true;
    };
    expect(await connect(fromFile(kubeconfigFor(server.url))).probe()).toMatchObject({
      reachable: false,
      problem: "GET /version: HTTP 502: the API server, or a proxy before it, is not well",
    });
  });
});

describe("an access review", () => {
  const permission = { group: "", resource: "pods", subresource: "eviction", verb: "create", namespace: "shop", name: "" } as const;
  const answering = (status: unknown): void => {
    server.script = (_asked, response) => {
      answer(response, 201, { status });
      return true;
    };
  };

  it("asks as the identity that would act and remembers the answer for a moment", async () => {
    answering({ allowed: true });
    const { cluster } = connect(fromFile(kubeconfigFor(server.url)));
    expect(await cluster.review(permission)).toBe("allowed");
    expect(JSON.parse(server.asked.at(-1)?.body ?? "")).toMatchObject({ kind: "SelfSubjectAccessReview", spec: { resourceAttributes: permission } });
    answering({ allowed: false });
    now = 29_000;
    expect(await cluster.review(permission)).toBe("allowed");
    now = 31_000;
    expect(await cluster.review(permission)).toBe("denied");
    expect(server.asked).toHaveLength(2);
  });

  it("is unknown, and asked again, when an authorizer failed or no answer came", async () => {
    const { cluster } = connect(fromFile(kubeconfigFor(server.url)));
    answering({ allowed: false, evaluationError: "webhook timed out" });
    expect(await cluster.review(permission)).toBe("unknown");
    server.script = (_asked, response) => {
      response.socket?.destroy();
      return true;
    };
    expect(await cluster.review(permission)).toBe("unknown");
    answering({ allowed: true });
    expect(await cluster.review(permission)).toBe("allowed");
  });
});

it("a kubeconfig that disappears while running is a reason, not a crash", async () => {
  const source = fromFile(kubeconfigFor(server.url, "{tokenFile: token}"));
  folder.file("token", "one");
  const kubernetes = connect(source);
  await read(kubernetes);
  writeFileSync(join(folder.path, "config"), "");
  now = 61_000;
  await expect(read(kubernetes)).rejects.toMatchObject({ failure: { kind: "unavailable" } });
});
