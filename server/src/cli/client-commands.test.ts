/** Commands against the real API over loopback, with recorded values behind it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Incident } from "@kintsugi/core";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { parse } from "yaml";
import { act, awaiting, draft, incident, openIncident, PLAN, resolved, resolvedIncident, T0 } from "../adapters/testing/records.ts";
import { readConfig } from "../config.ts";
import { type ApiUnderTest, apiUnderTest, TOKEN } from "../http/testing/api-under-test.ts";
import { run } from "./run.ts";
import { RecordedTerminal } from "./testing/recorded-terminal.ts";

let api: ApiUnderTest;
let home: string;
let terminal: RecordedTerminal;

beforeEach(async () => {
  api = await apiUnderTest();
  await api.app.listen({ host: "127.0.0.1", port: 0 });
  home = mkdtempSync(join(tmpdir(), "kintsugi-cli-"));
  terminal = new RecordedTerminal();
  writeFileSync(join(home, "token"), `${TOKEN}\n`, { mode: 0o600 });
  announce(`http://127.0.0.1:${(api.app.server.address() as AddressInfo).port}`);
  api.engine.list = [incident("inc-1"), awaiting("inc-2"), resolved("inc-3", T0)];
});
afterEach(async () => {
  await api.close();
  rmSync(home, { recursive: true, force: true });
});

function announce(url: string, by: object = {}): void {
  writeFileSync(join(home, "api.json"), JSON.stringify({ url, tokenFile: join(home, "token"), pid: process.pid, startedAt: T0, ...by }));
}
async function pidOfADeadProcess(): Promise<number> {
  const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  await once(child, "exit");
  return child.pid ?? 0;
}
/** Answers something to whoever asks, and remembers the credentials that came with it. */
async function eavesdropper(body = "hello"): Promise<{ readonly url: string; readonly heard: readonly (string | undefined)[] }> {
  const heard: (string | undefined)[] = [];
  const server = createServer(({ headers }, response) => {
    heard.push(headers.authorization);
    response.setHeader("content-type", body === "hello" ? "text/plain" : "application/json").end(body);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard };
}
function kintsugi(...args: readonly string[]): Promise<number> {
  const config = readConfig({ HOME: home, KINTSUGI_HOME: home, USER: "ada" }, false);
  return run(args, { config, terminal, now: () => T0 + 120_000 });
}

describe("reading", () => {
  it("lists what has not ended, for people", async () => {
    expect(await kintsugi("incidents")).toBe(0);
    expect(terminal.out.split("\n")).toEqual([
      "ID     PHASE     SEVERITY  AGE  OBJECT                MODE         WHAT",
      "inc-2  awaiting  high      2m   Deployment shop/cart  bad-rollout  Roll shop/cart back to revision 3",
      "inc-1  open      high      2m   Deployment shop/cart               Deployment shop/cart has no ready pod",
    ]);
  });

  it("says once that a person closed it", async () => {
    api.engine.list = [resolved("inc-3", T0, "closed", "closed by ada: known")];
    await kintsugi("incidents", "--all");
    expect(terminal.out).toMatch(/ {2}closed by ada: known$/m);
  });

  it("lists everything, for programs, in two languages", async () => {
    await kintsugi("incidents", "--all", "-o", "json");
    expect(JSON.parse(terminal.out).items.map(({ id }: { id: string }) => id)).toEqual(["inc-3", "inc-2", "inc-1"]);
    terminal.printed.length = 0;
    await kintsugi("incidents", "--phase", "awaiting", "-o", "yaml");
    expect(parse(terminal.out).items[0].proposal.plan.hash).toBe(PLAN.hash);
  });

  it("follows pages until it has what was asked for", async () => {
    api.engine.list = Array.from({ length: 450 }, (_, i) => incident(`inc-${i + 1}`));
    await kintsugi("incidents", "--limit", "1000", "-o", "json");
    expect(JSON.parse(terminal.out).items).toHaveLength(450);
    expect(await kintsugi("incidents", "--limit", "zero")).toBe(2);
  });

  it("shows one incident with its records", async () => {
    await api.ledger.append([draft(openIncident("inc-2")), draft(act("inc-2"))]);
    expect(await kintsugi("incident", "inc-2")).toBe(0);
    expect(terminal.out).toContain("What the gates say");
    expect(terminal.out).toContain("2026-01-05 10:00:00  kintsugi  act: patch Deployment cart");
  });

  it("explains an incident and any object", async () => {
    expect(await kintsugi("explain", "inc-2")).toBe(0);
    expect(terminal.out).toContain("ask: mode: policy says suggest");
    api.engine.explanation = {
      ref: { kind: "Node", namespace: "", name: "w1" },
      observed: true,
      findings: [],
      silent: [],
      lines: ["nothing is wrong with it"],
    };
    expect(await kintsugi("explain", "node/w1")).toBe(0);
    expect(terminal.out).toContain("nothing is wrong with it");
  });

  it("says that an object is not there, and what an object is called", async () => {
    expect(await kintsugi("explain", "deployment/shop/nothing")).toBe(3);
    expect(await kintsugi("explain", "cart")).toBe(2);
    expect(terminal.err).toContain("write KIND/NAMESPACE/NAME");
  });

  it("reports from the ledger", async () => {
    api.now = T0 + 60_000;
    await api.ledger.append([draft(openIncident("inc-1")), draft(resolvedIncident("inc-1", T0))]);
    expect(await kintsugi("report", "--since", "7d")).toBe(0);
    expect(terminal.out).toContain("bad-rollout");
    expect(await kintsugi("report", "--since", "a week")).toBe(2);
  });

  it("shows the state, and what is not seen", async () => {
    expect(await kintsugi("status")).toBe(0);
    expect(terminal.out).toContain("no: it was started without --act");
    expect(terminal.out).toContain("forbidden: Node (nodes is forbidden)");
  });

  it("counts what is left of a silence by the engine's own clock, which may be a simulated one", async () => {
    api.engine.state = { ...api.engine.state, now: T0 + 3_600_000 };
    api.engine.muted = [{ id: "move", namespace: "shop", by: "ada", why: "x", from: T0, until: T0 + 2 * 3_600_000 }];
    expect(await kintsugi("silences")).toBe(0);
    expect(terminal.out).toMatch(/move +shop .* 1h +ada/);
  });

  it("says from when on it may act only while that lies ahead", async () => {
    api.engine.state = { ...api.engine.state, authority: { type: "leading", epoch: 3, actFrom: T0 } };
    await kintsugi("status");
    expect(terminal.out).toContain("yes, as the leader of epoch 3");
    api.engine.state = { ...api.engine.state, authority: { type: "leading", epoch: 3, actFrom: T0 + 86_400_000 } };
    await kintsugi("status");
    expect(terminal.out).toContain("not before 2026-01-06 10:00:00 UTC");
  });

  it("knows which failure modes there are", async () => {
    expect(await kintsugi("incidents", "--mode", "crash-lop")).toBe(2);
    expect(terminal.err).toContain("crash-loop");
  });

  it("prints nothing that could fool a terminal", async () => {
    api.engine.list = [{ ...incident("inc-1"), title: "evil \u001b[2J\u202e title" }];
    await kintsugi("incidents");
    expect(terminal.out).toContain("evil \ufffd[2J\ufffd title");
  });
});

describe("deciding", () => {
  it("shows the plan, asks, and sends the hash of exactly that plan", async () => {
    terminal.answer = "y";
    expect(await kintsugi("approve", "inc-2")).toBe(0);
    expect(terminal.out).toContain("- shop/cart:broken");
    expect(terminal.out).toContain("+ shop/cart:1.2");
    expect(terminal.questions).toEqual(["Approve this plan for inc-2? [y/N] "]);
    expect(api.engine.told).toEqual([{ command: { type: "approve", incident: "inc-2", planHash: PLAN.hash }, by: "ada" }]);
  });

  it("tells whoever approves who has approved already, where policy wants two", async () => {
    const waits = awaiting("inc-2") as Extract<Incident, { phase: "awaiting" }>;
    const bob = { type: "person", name: "bob", proven: true, how: "approved", at: T0 } as const;
    const approval = { planHash: PLAN.hash, by: "bob", at: T0, expiresAt: T0 + 3_600_000, backers: [bob] };
    api.engine.list = [{ ...waits, proposal: { ...waits.proposal, approval } }];
    api.engine.reply = { ok: true, text: "approved; inc-2 acts as soon as every gate passes on fresh state" };
    terminal.answer = "y";
    expect(await kintsugi("approve", "inc-2")).toBe(0);
    expect(terminal.out).toContain("approved by bob\n  policy wants two people behind a plan: another one has to approve it");
  });

  it.each(["n", "", "yes please"])("takes %j for no", async (answer) => {
    terminal.answer = answer;
    expect(await kintsugi("approve", "inc-2")).toBe(1);
    expect(api.engine.told).toEqual([]);
  });

  it("never approves where nobody can be asked, unless told to", async () => {
    expect(await kintsugi("approve", "inc-2")).toBe(2);
    expect(terminal.err).toContain("--yes");
    expect(api.engine.told).toEqual([]);
    expect(await kintsugi("approve", "inc-2", "--yes")).toBe(0);
    expect(api.engine.told).toHaveLength(1);
  });

  it("approves only the plan that was read", async () => {
    expect(await kintsugi("approve", "inc-2", "--yes", "--plan", "b".repeat(12))).toBe(4);
    expect(await kintsugi("approve", "inc-2", "--yes", "--plan", "a")).toBe(2);
    expect(api.engine.told).toEqual([]);
    expect(await kintsugi("approve", "inc-2", "--yes", "--plan", "a".repeat(12))).toBe(0);
  });

  it("says when there is nothing to approve", async () => {
    expect(await kintsugi("approve", "inc-1", "--yes")).toBe(4);
    expect(terminal.err).toContain("inc-1 is open and proposes nothing");
  });

  it.each(["deny", "undo", "close"])("%s needs a reason and passes it on", async (verb) => {
    expect(await kintsugi(verb, "inc-2")).toBe(2);
    expect(await kintsugi(verb, "inc-2", "--why", "not today")).toBe(0);
    expect(api.engine.told).toEqual([{ command: { type: verb, incident: "inc-2", why: "not today" }, by: "ada" }]);
  });

  it.each([
    ["conflict", 4],
    ["forbidden", 4],
    ["invalid", 4],
    ["not-found", 3],
  ] as const)("ends with its own code when the engine answers %s", async (code, exit) => {
    api.engine.reply = { ok: false, code, text: "acting is off" };
    expect(await kintsugi("propose", "inc-2")).toBe(exit);
    expect(terminal.err).toContain("acting is off");
  });

  it("pauses, resumes, silences and lifts", async () => {
    expect(await kintsugi("pause", "--why", "a look")).toBe(0);
    expect(await kintsugi("resume", "--why", "looked")).toBe(0);
    expect(await kintsugi("silence", "-n", "shop", "--for", "2h", "--why", "migration", "--id", "move")).toBe(0);
    expect(await kintsugi("unsilence", "move")).toBe(0);
    expect(api.engine.told.map(({ command }) => command.type)).toEqual(["pause", "resume", "silence", "unsilence"]);
    expect(await kintsugi("silence", "--for", "2h", "--why", "x")).toBe(2);
    expect(await kintsugi("silence", "-n", "shop", "--for", "two hours", "--why", "x")).toBe(2);
  });
});

describe("when the API cannot be used", () => {
  it("says that none is running here, and how to start one", async () => {
    rmSync(join(home, "api.json"));
    expect(await kintsugi("incidents")).toBe(5);
    expect(terminal.err).toContain("kintsugi demo");
  });

  it("says that it cannot be reached", async () => {
    announce("http://127.0.0.1:1");
    expect(await kintsugi("incidents")).toBe(5);
    expect(terminal.err).toContain("http://127.0.0.1:1 cannot be reached");
  });

  it("says that the engine was killed: which, since when, how to start one, and what can be read without it", async () => {
    const pid = await pidOfADeadProcess();
    announce("http://127.0.0.1:1", { pid, store: "/var/ledger.sqlite" });
    expect(await kintsugi("incidents")).toBe(5);
    expect(terminal.err).toContain(`process ${pid}, started 2026-01-05 10:00:00 UTC, was killed or has crashed`);
    expect(terminal.err).toContain("kintsugi serve");
    expect(terminal.err).toContain("kintsugi report --store /var/ledger.sqlite");
    expect(terminal.err).not.toContain("cannot be reached");
  });

  it("does not send its token to another program that has taken its address", async () => {
    const other = await eavesdropper();
    announce(other.url, { pid: await pidOfADeadProcess() });
    expect(await kintsugi("incidents")).toBe(5);
    expect(await kintsugi("incidents", "--server", other.url)).toBe(5);
    expect(await kintsugi("incidents", "--token-file", join(home, "token"))).toBe(5);
    expect(terminal.err).toContain("is gone without having stopped");
    expect(other.heard).toEqual([]);
  });

  it.each([
    ["status", "{}"],
    ["status", "[1]"],
    ["status", "{"],
    ["incidents", '{"items":[{}],"now":1}'],
    ["silences", '{"items":null,"now":1}'],
    ["report", '{"modes":7}'],
  ])("takes no other JSON for an answer of its API: %s, %s", async (command, body) => {
    const other = await eavesdropper(body);
    expect(await kintsugi(command, "--server", other.url, "--token-file", join(home, "token"))).toBe(1);
    expect(terminal.err).toContain(`${other.url} answered 200 and is not a Kintsugi API`);
  });

  it("does not send its token to an engine elsewhere, but one that is named with it", async () => {
    const other = await eavesdropper();
    expect(await kintsugi("incidents", "--server", other.url)).toBe(2);
    expect(terminal.err).toContain("name the file of its token with --token-file");
    rmSync(join(home, "api.json"));
    expect(await kintsugi("incidents", "--server", other.url)).toBe(2);
    expect(other.heard).toEqual([]);
    writeFileSync(join(home, "theirs"), "theirs\n");
    expect(await kintsugi("incidents", "--server", other.url, "--token-file", join(home, "theirs"))).toBe(1);
    expect(terminal.err).toContain("is not a Kintsugi API");
    expect(other.heard).toEqual(["Bearer theirs"]);
  });

  it("says which field is wrong, and not where in the request it was", async () => {
    expect(await kintsugi("incident", "cart")).toBe(2);
    expect(await kintsugi("silence", "-n", "sh/op", "--for", "2h", "--why", "x")).toBe(2);
    expect(terminal.remarks).toEqual(["id is not an incident id: write for example inc-17", "namespace may hold letters, digits, . _ : - and * for any text"]);
  });

  it("says that the token is the wrong one, without showing it", async () => {
    writeFileSync(join(home, "token"), "wrong");
    expect(await kintsugi("incidents")).toBe(1);
    expect(terminal.err).toContain("no token for this API");
  });

  it("says which token file is missing", async () => {
    rmSync(join(home, "token"));
    expect(await kintsugi("incidents")).toBe(2);
    expect(terminal.err).toContain("--token-file");
  });

  it("takes address and token file from options before anything else", async () => {
    announce("http://127.0.0.1:1");
    const { port } = api.app.server.address() as AddressInfo;
    expect(await kintsugi("incidents", "--server", `http://127.0.0.1:${port}/`, "--token-file", join(home, "token"))).toBe(0);
    expect(await kintsugi("incidents", "--server", "localhost:8080")).toBe(2);
  });
});

describe("the command line", () => {
  it("has help with examples for every command", async () => {
    for (const command of [
      "demo",
      "serve",
      "incidents",
      "incident",
      "explain",
      "approve",
      "deny",
      "undo",
      "pause",
      "resume",
      "silence",
      "close",
      "replay",
      "report",
      "simulate",
      "doctor",
    ]) {
      terminal.printed.length = 0;
      expect(await kintsugi(command, "--help"), command).toBe(0);
      expect(terminal.out, command).toContain("Examples:\n  kintsugi ");
    }
    expect(await kintsugi("policy", "check", "--help")).toBe(0);
  });

  it("documents its exit codes", async () => {
    expect(await kintsugi("--help")).toBe(0);
    expect(terminal.out).toContain("0 done, 1 failed, 2 wrong usage or input, 3 not found, 4 refused by the engine, 5 unreachable");
  });

  it.each([["frobnicate"], ["incidents", "--colour"], ["incidents", "--phase", "broken"], ["approve"], ["incidents", "-o", "xml"]])(
    "ends with 2 on: %s %s",
    async (...args) => {
      expect(await kintsugi(...args)).toBe(2);
      expect(terminal.err).not.toBe("");
    },
  );
});
