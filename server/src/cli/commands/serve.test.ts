/** `serve` as a process of its own, against an API server on loopback. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DETECTOR, startModelServer } from "../../adapters/kserve/testing/model-server.ts";
import { kubeconfigFor, temporaryFolder } from "../../adapters/kubernetes/testing/kubeconfig-file.ts";
import { type Asked, ScriptedApiServer } from "../../adapters/kubernetes/testing/scripted-api-server.ts";
import { openSqliteLedger } from "../../adapters/sqlite/store.ts";
import { draft, resolved, T0 } from "../../adapters/testing/records.ts";
import { ScriptedServer, sendJson } from "../../adapters/testing/scripted-server.ts";
import { diagnosed } from "../../advisor/testing/diagnosed-incident.ts";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));
const UID = "0a1b2c3d-0000-0000-0000-000000000000";

let api: ScriptedApiServer;
let home: string;
let folder: ReturnType<typeof temporaryFolder>;
let kubeconfig: string;
let children: ChildProcess[];

beforeEach(async () => {
  api = await ScriptedApiServer.start();
  api.script = answerReviews;
  home = mkdtempSync(join(tmpdir(), "kintsugi-serve-"));
  folder = temporaryFolder();
  kubeconfig = folder.file("config", kubeconfigFor(api.url, "{token: hush-hush}"));
  children = [];
});
afterEach(async () => {
  for (const child of children) child.kill("SIGKILL");
  await api.close();
  folder.remove();
  rmSync(home, { recursive: true, force: true });
});

function answerReviews(asked: Asked, response: ServerResponse): boolean {
  const send = (status: number, body: object): true => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    return true;
  };
  if (asked.path === "/version") return send(200, { gitVersion: "v1.34.4" });
  if (asked.path.endsWith("/selfsubjectreviews")) return send(201, { status: { userInfo: { username: "ada", groups: [] } } });
  if (asked.path.endsWith("/selfsubjectaccessreviews")) return send(201, { status: { allowed: true } });
  if (asked.path === "/api/v1/namespaces/kube-system") {
    return send(200, {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "kube-system", uid: UID, resourceVersion: "1", creationTimestamp: "2026-01-01T00:00:00Z" },
    });
  }
  return false;
}

class Running {
  out = "";
  err = "";
  readonly ended: Promise<number | null>;
  readonly child: ChildProcess;

  constructor(child: ChildProcess) {
    this.child = child;
    child.stdout?.on("data", (chunk: Buffer) => {
      this.out += chunk.toString();
    });
    child.stderr?.on("data", (chunk: Buffer) => {
      this.err += chunk.toString();
    });
    this.ended = new Promise((resolve) => child.on("close", resolve));
  }

  /** Resolves once it has said this; fails when it ends before. */
  async says(text: string): Promise<void> {
    const gone = this.ended.then((code) => {
      throw new Error(`it ended with ${code} without saying ${text}: ${this.err}`);
    });
    const said = (async () => {
      while (!this.err.includes(text)) await new Promise((resolve) => this.child.stderr?.once("data", resolve));
    })();
    await Promise.race([said, gone]);
  }

  /** Address and token once it serves; fails with what it printed when it ends before. */
  async serving(): Promise<{ readonly url: string; readonly token: string }> {
    const gone = this.ended.then((code) => {
      throw new Error(`it ended with ${code}: ${this.err}`);
    });
    const up = (async () => {
      for (;;) {
        const match = /API (\S+)\/api\/v2, token in (\S+), ledger/.exec(this.err);
        if (match?.[1] !== undefined && match[2] !== undefined) return { url: match[1], token: readFileSync(match[2], "utf8").trim() };
        await new Promise((resolve) => this.child.stderr?.once("data", resolve));
      }
    })();
    return Promise.race([up, gone]);
  }
}

function kintsugiIn(state: string, ...args: readonly string[]): Running {
  const env = { PATH: process.env["PATH"], HOME: home, KINTSUGI_HOME: state };
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", MAIN, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  return new Running(child);
}
const kintsugi = (...args: readonly string[]): Running => kintsugiIn(join(home, "state"), ...args);
const serve = (...args: readonly string[]): Running => kintsugi("serve", "--kubeconfig", kubeconfig, "--listen", "127.0.0.1:0", ...args);

async function ready(url: string): Promise<void> {
  while ((await fetch(`${url}/readyz`)).status !== 200) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe("serve without --act", { timeout: 30_000 }, () => {
  it("sees the cluster, writes nothing to it, and ends well when asked to", async () => {
    const running = serve();
    const { url, token } = await running.serving();
    await ready(url);
    const asked = await fetch(`${url}/api/v2/status`, { headers: { authorization: `Bearer ${token}` } });
    expect(await asked.json()).toMatchObject({ cluster: "cluster-0a1b2c3d", authority: { type: "read-only" }, synced: true });
    const metrics = await (await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } })).text();
    expect(metrics).toMatch(/kintsugi_heartbeat_timestamp_seconds \d{10}/);
    running.child.kill("SIGTERM");
    expect(await running.ended).toBe(0);
    const writes = api.asked.filter(({ method, path }) => method !== "GET" && !/selfsubject(access)?reviews$/.test(path));
    expect(writes).toEqual([]);
    expect(existsSync(join(home, "state", "api.json"))).toBe(false);
  });

  it("keeps secrets out of what it prints, and its files to its owner", async () => {
    const running = serve();
    const { token } = await running.serving();
    running.child.kill("SIGINT");
    expect(await running.ended).toBe(0);
    expect(running.out + running.err).not.toContain(token);
    expect(running.out + running.err).not.toContain("hush-hush");
    const state = join(home, "state");
    for (const name of readdirSync(state).filter((each) => !each.endsWith(".lock"))) expect(statSync(join(state, name)).mode & 0o077, name).toBe(0);
  });

  it("goes on where it was after kill -9, under the same token, with the same ledger", async () => {
    const first = serve();
    const before = await first.serving();
    first.child.kill("SIGKILL");
    await first.ended;
    const second = serve();
    expect((await second.serving()).token).toBe(before.token);
    second.child.kill("SIGTERM");
    expect(await second.ended).toBe(0);
    const ledger = openSqliteLedger({ file: join(home, "state", "ledger-cluster-0a1b2c3d.sqlite"), create: false });
    expect(await ledger.verify()).toMatchObject({ ok: true });
    const started = await ledger.find({ types: ["started"], order: "oldest-first", limit: 10 });
    expect(started).toHaveLength(2);
    await ledger.close();
  });

  it("has the policy that was put through the API after a kill -9 as well, and leaves a policy of a file alone", async () => {
    const put = async (url: string, token: string): Promise<Response> => {
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      const { hash } = (await (await fetch(`${url}/api/v2/policy`, { headers })).json()) as { hash: string };
      const body = JSON.stringify({ apiVersion: "kintsugi.dev/v1alpha1", kind: "Policy", metadata: { name: "careful" }, spec: { mode: "observe" } });
      return fetch(`${url}/api/v2/policy`, { method: "PUT", headers: { ...headers, "if-match": `"${hash}"` }, body });
    };
    const first = serve();
    const { url, token } = await first.serving();
    expect((await put(url, token)).status).toBe(200);
    first.child.kill("SIGKILL");
    await first.ended;
    const second = serve();
    const again = await second.serving();
    const inForce = await fetch(`${again.url}/api/v2/policy`, { headers: { authorization: `Bearer ${again.token}` } });
    expect(await inForce.json()).toMatchObject({ name: "careful", spec: { mode: "observe" } });
    second.child.kill("SIGTERM");
    expect(await second.ended).toBe(0);
    const file = folder.file("owned.yaml", "apiVersion: kintsugi.dev/v1alpha1\nkind: Policy\nmetadata: { name: owned }\n");
    const third = serve("--policy", file);
    const owned = await third.serving();
    const refused = await put(owned.url, owned.token);
    expect([refused.status, await refused.text()]).toEqual([409, expect.stringContaining(file)]);
    third.child.kill("SIGTERM");
    expect(await third.ended).toBe(0);
  });

  it("does not start a second time on the same ledger, and says who has it", async () => {
    const first = serve();
    await first.serving();
    const second = serve();
    expect(await second.ended).toBe(1);
    expect(second.err).toContain(`in use by process ${first.child.pid}`);
  });

  it("is found by commands on this machine", async () => {
    const running = serve();
    await running.serving();
    const status = kintsugi("status");
    expect(await status.ended).toBe(0);
    expect(status.out).toContain("no: it was started without --act");
  });
});

it("serve --public-url tells assistants the address that they know, and is reached under its name", { timeout: 30_000 }, async () => {
  const running = serve("--public-url", "https://kintsugi.example.org");
  const { url } = await running.serving();
  const answer = await fetch(`${url}/.well-known/oauth-protected-resource/mcp`);
  expect(await answer.json()).toMatchObject({ resource: "https://kintsugi.example.org/mcp" });
  await running.says(`MCP ${url}/mcp with the credential in`);
  running.child.kill("SIGTERM");
  expect(await running.ended).toBe(0);
});

describe("serve --models", { timeout: 30_000 }, () => {
  it("asks the models of the file, with their token, and starts although one of them cannot be used", async () => {
    const models = await startModelServer({ detector: DETECTOR });
    const token = folder.file("detector-token", "let-me-in\n");
    const file = folder.file(
      "models.yaml",
      `models:\n- {name: broken, folder: nowhere}\n- {name: anomaly-detector, url: "${models.url.href}", servedAs: detector, tokenFile: ${basename(token)}}\n`,
    );
    const running = serve("--models", file);
    const { url, token: ours } = await running.serving();
    await running.says("the model broken cannot be used: there is no model in");
    const body = JSON.stringify({ model: "anomaly-detector", instances: [[0.9, 0.8]] });
    const headers = { authorization: `Bearer ${ours}`, "content-type": "application/json" };
    const answer = await fetch(`${url}/api/v1/detect`, { method: "POST", headers, body });
    expect(await answer.json()).toEqual({ predictions: [-1], model_name: "anomaly-detector", model_version: "3" });
    expect(new Set(models.asked.map(({ headers: sent }) => sent.authorization))).toEqual(new Set(["Bearer let-me-in"]));
    await models.close();
    running.child.kill("SIGTERM");
    expect(await running.ended).toBe(0);
    expect(running.err).not.toContain("let-me-in");
  });

  it("does not start with a list that is wrong, or a file in it that cannot be read, and says every mistake", async () => {
    const wrong = folder.file("wrong.yaml", "models:\n- {name: ../x, folder: y}\n- {name: x}\n");
    const first = serve("--models", wrong);
    expect(await first.ended).toBe(2);
    expect(first.err).toContain(`${wrong}: models.0.name: may hold`);
    expect(first.err).toContain(`${wrong}: models.1.url: `);
    const second = serve("--models", folder.file("lacking.yaml", 'models:\n- {name: x, url: "https://x", tokenFile: none}\n'));
    expect(await second.ended).toBe(2);
    expect(second.err).toContain("the token of x");
  });
});

describe("serve --advisor-url", { timeout: 30_000 }, () => {
  it("asks the model with its key about an incident of the ledger, and logs that it did and nothing of what was said", async () => {
    const content = JSON.stringify({ narrative: "The new image ended at once.", ranking: ["crash-loop", "bad-rollout"] });
    const model = await ScriptedServer.start((_, response) => sendJson(response, 200, { choices: [{ finish_reason: "stop", message: { content } }] }));
    const store = join(home, "ledger.sqlite");
    const ledger = openSqliteLedger({ file: store });
    const { diagnosis } = diagnosed();
    if (diagnosis === undefined) throw new Error("there is a diagnosis to tell of");
    await ledger.append([draft({ type: "incident", incident: { ...resolved("inc-17", T0), diagnosis }, from: "verifying", reason: "healed" })]);
    await ledger.close();
    const key = folder.file("advisor-key", "sk-let-me-in\n");
    const advisor = ["--advisor-url", `${model.url.origin}/v1`, "--advisor-model", "granite", "--advisor-key-file", key];
    const running = serve("--store", store, "--cluster-name", "test", ...advisor);
    const { url, token } = await running.serving();
    const answer = await fetch(`${url}/api/v2/incidents/inc-17/advice`, { headers: { authorization: `Bearer ${token}` } });
    expect(await answer.json()).toMatchObject({ given: true, narrative: "The new image ended at once.", disagrees: false, advisor: { model: "granite" } });
    expect(model.asked).toMatchObject([{ path: "/v1/chat/completions", headers: { authorization: "Bearer sk-let-me-in" } }]);
    await model.close();
    running.child.kill("SIGTERM");
    expect(await running.ended).toBe(0);
    const told = running.err.split("\n").filter((line) => line.includes('"incident":"inc-17"'));
    expect(told.map((line) => (JSON.parse(line) as { outcome: string }).outcome)).toEqual(["asked", "answered"]);
    for (const hidden of ["sk-let-me-in", "ended at once", "cart.conf"]) expect(running.err).not.toContain(hidden);
  });
});

describe("serve --auth", { timeout: 30_000 }, () => {
  it("lets in by tokens of the cluster, asks it who may do what, and keeps the tokens to itself", async () => {
    const reviewed: unknown[] = [];
    api.script = (asked, response) => {
      const reply = (status: object): true => {
        reviewed.push(JSON.parse(asked.body).spec);
        response.writeHead(201, { "content-type": "application/json" }).end(JSON.stringify({ status }));
        return true;
      };
      if (asked.path.endsWith("/tokenreviews")) return reply({ authenticated: true, user: { username: "ada" }, audiences: ["kintsugi"] });
      if (asked.path.endsWith("/subjectaccessreviews")) return reply({ allowed: asked.body.includes('"verb":"get"') });
      return answerReviews(asked, response);
    };
    const running = serve("--auth", "kubernetes");
    await running.says("it lets in by kubernetes");
    const url = /API (\S+)\/api\/v2, ledger/.exec(running.err)?.[1] ?? "";
    const ask = async (path: string, init: RequestInit = {}) =>
      (await fetch(`${url}/api/v2${path}`, { ...init, headers: { authorization: "Bearer tok-of-ada", "content-type": "application/json" } })).status;
    expect(await ask("/status")).toBe(200);
    expect(await ask("/pause", { method: "POST", body: '{"why":"lunch"}' })).toBe(403);
    expect(reviewed).toEqual([
      { token: "tok-of-ada", audiences: ["kintsugi", "kintsugi-mcp"] },
      { user: "ada", groups: [], resourceAttributes: { group: "kintsugi.dev", resource: "settings", verb: "get", namespace: "" } },
      { user: "ada", groups: [], resourceAttributes: { group: "kintsugi.dev", resource: "pauses", verb: "create", namespace: "" } },
    ]);
    expect(existsSync(join(home, "state", "token"))).toBe(false);
    const status = kintsugi("status");
    expect(await status.ended).toBe(2);
    expect(status.err).toContain("kubectl create token NAME --audience kintsugi");
    running.child.kill("SIGTERM");
    expect(await running.ended).toBe(0);
    expect(running.out + running.err).not.toContain("tok-of-ada");
  });

  it("does not start when it cannot be told who may enter", async () => {
    const running = serve("--auth", "oidc");
    expect(await running.ended).toBe(2);
    expect(running.err).toContain("--auth oidc needs --oidc-issuer URL");
  });
});

describe("the log of serve", { timeout: 30_000 }, () => {
  it("is lines of JSON and nothing else, from the start to the end, and says when the cluster is lost and why", async () => {
    const running = serve();
    await ready((await running.serving()).url);
    await running.says("seen now: ");
    await api.close();
    await running.says("not seen any more: ");
    running.child.kill("SIGTERM");
    expect(await running.ended).toBe(0);
    expect(running.out).toBe("");
    const lines = running.err.trimEnd().split("\n");
    const said = lines.map((line) => JSON.parse(line) as { level: string; msg: string });
    expect(said.find(({ msg }) => msg.startsWith("not seen any more"))).toMatchObject({ level: "warn", msg: expect.stringContaining("connection refused") });
    expect(said.at(-1)).toMatchObject({ level: "info", msg: "SIGTERM: stopping" });
  });

  it("has one line for each mistake in a policy", async () => {
    const policy = folder.file("policy.yaml", "apiVersion: kintsugi.dev/v1alpha1\nkind: Policy\nmetadata: {name: team}\nspec:\n  mode: heal\n  ruls: []\n");
    const running = serve("--policy", policy);
    expect(await running.ended).toBe(2);
    const said = running.err
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { level: string; msg: string });
    expect(said.map(({ level, msg }) => `${level} ${msg.slice(policy.length)}`)).toEqual([
      expect.stringMatching(/^fatal :5:9: spec.mode/),
      expect.stringMatching(/^fatal :6:3: spec.ruls/),
    ]);
  });
});

describe("serve does not start", { timeout: 30_000 }, () => {
  it("without a kubeconfig", async () => {
    const running = kintsugi("serve", "--kubeconfig", join(home, "none"));
    expect(await running.ended).toBe(2);
    expect(running.err).toContain(join(home, "none"));
  });

  it("when the API server cannot be reached", async () => {
    await api.close();
    const running = serve();
    expect(await running.ended).toBe(5);
    expect(running.err).toContain("connection refused");
  });

  it("when the token has expired", async () => {
    api.script = (_asked, response) => {
      response
        .writeHead(401, { "content-type": "application/json" })
        .end(JSON.stringify({ kind: "Status", status: "Failure", reason: "Unauthorized", message: "Unauthorized", code: 401 }));
      return true;
    };
    const running = serve();
    expect(await running.ended).toBe(5);
    expect(running.err).toContain("does not know these credentials");
  });

  it("with a policy that is wrong, and points at the line", async () => {
    const policy = folder.file("policy.yaml", "apiVersion: kintsugi.dev/v1alpha1\nkind: Policy\nmetadata: {name: team}\nspec:\n  mode: heal\n");
    const running = serve("--policy", policy);
    expect(await running.ended).toBe(2);
    expect(running.err).toContain(`${policy}:5:9: spec.mode`);
  });

  it("on a damaged ledger, unless told to repair it; then it starts paused", async () => {
    const file = join(home, "ledger.sqlite");
    const first = serve("--store", file);
    await first.serving();
    first.child.kill("SIGTERM");
    await first.ended;
    const db = new DatabaseSync(file);
    db.exec("UPDATE records SET text = replace(text, 'restored', 'rewritten') WHERE seq = 1");
    db.close();
    const second = serve("--store", file);
    expect(await second.ended).toBe(1);
    expect(second.err).toContain("damaged at record 1");
    const third = serve("--store", file, "--ledger-repair");
    const { url, token } = await third.serving();
    const status = await fetch(`${url}/api/v2/status`, { headers: { authorization: `Bearer ${token}` } });
    expect(await status.json()).toMatchObject({ paused: expect.stringContaining("repaired") });
    expect(existsSync(`${file}.damaged-1`)).toBe(true);
  });

  it("when the secret of the webhook cannot be read", async () => {
    const running = serve("--webhook", "http://127.0.0.1:9", "--webhook-secret-file", join(home, "none"));
    expect(await running.ended).toBe(2);
    expect(running.err).toContain("there is no such file");
  });

  it("with a user and a password in the webhook's address, which no request may carry", async () => {
    const running = serve("--webhook", "http://ada:hush@127.0.0.1:9/");
    expect(await running.ended).toBe(2);
    expect(running.err).toContain("may hold no user or password");
    expect(running.err).not.toContain("hush");
  });

  it("with a secret of the webhook that is empty", async () => {
    const running = serve("--webhook", "http://127.0.0.1:9", "--webhook-secret-file", folder.file("secret", " \n"));
    expect(await running.ended).toBe(2);
    expect(running.err).toContain("is empty");
  });

  it.skipIf(process.platform !== "linux")("in a folder that cannot be made", async () => {
    for (const command of [
      ["serve", "--kubeconfig", kubeconfig, "--listen", "127.0.0.1:0"],
      ["demo", "--once"],
    ]) {
      const running = kintsugiIn("/proc/nope", ...command);
      expect(await running.ended).toBe(5);
      expect(running.err).toContain("/proc/nope");
      expect(running.err).not.toContain("    at ");
    }
  });

  it("where its token cannot be written", async () => {
    const blocked = folder.file("no-folder", "");
    const running = kintsugiIn(join(blocked, "state"), "serve", "--kubeconfig", kubeconfig, "--listen", "127.0.0.1:0", "--store", join(home, "l.sqlite"));
    expect(await running.ended).not.toBe(0);
    expect(running.err).toContain("KINTSUGI_HOME names the folder");
    expect(running.err).not.toContain("    at ");
  });

  it("on an address that is taken", async () => {
    const { port } = new URL((await serve().serving()).url);
    const second = kintsugi("serve", "--kubeconfig", kubeconfig, "--listen", `127.0.0.1:${port}`, "--store", join(home, "other.sqlite"));
    expect(await second.ended).toBe(5);
    expect(second.err).toContain(`127.0.0.1:${port} is taken by another process`);
  });

  it("on the ledger of another cluster", async () => {
    const file = join(home, "ledger.sqlite");
    const first = serve("--store", file);
    await first.serving();
    first.child.kill("SIGTERM");
    await first.ended;
    const second = serve("--store", file, "--cluster-name", "other");
    expect(await second.ended).toBe(2);
    expect(second.err).toContain("belongs to cluster-0a1b2c3d");
  });
});
