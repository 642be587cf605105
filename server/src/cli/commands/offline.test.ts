/** Commands that need no running engine. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CONFIDENCE } from "@kintsugi/core";
import { actPolicy, kintsugi as engine, runSeed } from "@kintsugi/sim";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSqliteLedger } from "../../adapters/sqlite/store.ts";
import { DAY, draft, openIncident, resolvedIncident, T0 } from "../../adapters/testing/records.ts";
import { readConfig } from "../../config.ts";
import { run } from "../run.ts";
import { RecordedTerminal } from "../testing/recorded-terminal.ts";
import { examineProbe } from "./doctor.ts";
import { compare } from "./replay.ts";

let home: string;
let terminal: RecordedTerminal;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "kintsugi-offline-"));
  terminal = new RecordedTerminal();
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function kintsugi(...args: readonly string[]): Promise<number> {
  return run(args, { config: readConfig({ HOME: home }, false), terminal, now: () => T0 + DAY });
}
function file(name: string, text: string): string {
  writeFileSync(join(home, name), text);
  return join(home, name);
}

describe("policy check", () => {
  it("says what a good policy means", async () => {
    const good = file(
      "good.yaml",
      "apiVersion: kintsugi.dev/v1alpha1\nkind: Policy\nmetadata: {name: team}\nspec:\n  rules:\n    - {name: shop, match: {namespaces: [shop]}, mode: act}\n",
    );
    expect(await kintsugi("policy", "check", good)).toBe(0);
    expect(terminal.out).toContain("team is a policy");
    expect(terminal.out).toContain("act      shop");
  });

  it("points at the line of every problem and says what would be right", async () => {
    const bad = file(
      "bad.yaml",
      "apiVersion: kintsugi.dev/v1alpha1\nkind: Policy\nmetadata: {name: team}\nspec:\n  mode: heal\n  limits:\n    cooldown: ten minutes\n",
    );
    expect(await kintsugi("policy", "check", bad)).toBe(2);
    expect(terminal.err).toContain(`${bad}:5:9: spec.mode`);
    expect(terminal.err).toContain(`${bad}:7:15: spec.limits.cooldown`);
  });

  it("says that there is no such file", async () => {
    expect(await kintsugi("policy", "check", join(home, "none.yaml"))).toBe(2);
  });
});

describe("a ledger file that nobody has open", () => {
  it("can be reported from", async () => {
    const path = join(home, "ledger.sqlite");
    const ledger = openSqliteLedger({ file: path });
    await ledger.append([draft(openIncident("inc-1")), draft(resolvedIncident("inc-1", T0))]);
    await ledger.close();
    expect(await kintsugi("report", "--store", path)).toBe(0);
    expect(terminal.out).toContain("bad-rollout");
    expect(await kintsugi("replay", "inc-7", "--store", path)).toBe(3);
  });

  it("is not made, and not read while an engine has it", async () => {
    const path = join(home, "ledger.sqlite");
    expect(await kintsugi("report", "--store", path)).toBe(3);
    const ledger = openSqliteLedger({ file: path });
    expect(await kintsugi("report", "--store", path)).toBe(1);
    expect(terminal.err).toContain("in use by process");
    await ledger.close();
  });
});

describe("replay", () => {
  it("makes the decisions of a real run again, bit for bit, and differently under another policy", async () => {
    const { records } = await runSeed("3", engine({ policy: actPolicy(), confidence: CONFIDENCE }));
    const again = compare(records);
    expect(again.length).toBeGreaterThan(0);
    for (const one of again) expect(one.same, `record ${one.seq}: ${one.again.verdict} ${one.again.reason}`).toBe(true);
    const observing = compare(records, actPolicy({ mode: "observe", rules: [] }));
    expect(new Set(observing.map(({ again: { verdict } }) => verdict))).toEqual(new Set(["hold"]));
  });
});

describe("doctor", () => {
  it("says that there is no kubeconfig, and fails", async () => {
    expect(await kintsugi("doctor", "--kubeconfig", join(home, "none"))).toBe(1);
    expect(terminal.out).toMatch(/BAD\s+cluster/);
  });

  it("knows which versions of Kubernetes were tried, and calls others untested", () => {
    const probe = { server: "https://k8s", reachable: true, problem: "", identity: undefined, kinds: [] };
    const said = (serverVersion: string) => examineProbe({ ...probe, serverVersion }).find(({ what }) => what === "Kubernetes");
    expect(said("v1.34.4")).toMatchObject({ state: "ok" });
    expect(said("v1.21.0")).toMatchObject({ state: "note", text: expect.stringContaining("untested") });
    expect(said("")).toMatchObject({ state: "note" });
  });

  it("names what may not be watched also where nothing says that it is served, and a reason once for all that have it", () => {
    const denied = { served: "unknown", reason: "HTTP 403", list: "denied", watch: "denied" } as const;
    const silent = { served: "unknown", reason: "HTTP 503", list: "unknown", watch: "unknown" } as const;
    const kinds = [
      { kind: "Pod", ...denied },
      { kind: "Node", ...silent },
      { kind: "Job", ...silent },
    ] as const;
    const said = examineProbe({ server: "s", reachable: true, problem: "", serverVersion: "v1.34.0", identity: undefined, kinds });
    expect(said.find(({ what }) => what === "may not watch")?.text).toMatch(/^Pod: .*kintsugi rbac/);
    expect(said).toContainEqual({ what: "not known", state: "note", text: "Node, Job (HTTP 503)" });
  });

  it("names what may not be watched", () => {
    const kinds = [
      { kind: "Pod", served: "yes", reason: "", list: "allowed", watch: "allowed" },
      { kind: "Node", served: "yes", reason: "", list: "denied", watch: "allowed" },
      { kind: "Application", served: "no", reason: "", list: "unknown", watch: "unknown" },
    ] as const;
    const said = examineProbe({ server: "s", reachable: true, problem: "", serverVersion: "v1.34.0", identity: { username: "ada", groups: [] }, kinds });
    expect(said).toContainEqual({ what: "may watch", state: "ok", text: "Pod" });
    expect(said.find(({ what }) => what === "may not watch")).toMatchObject({ state: "bad", text: expect.stringContaining("Node") });
    expect(said).toContainEqual({ what: "not served", state: "note", text: "Application" });
    expect(said.some(({ what }) => what === "not known")).toBe(false);
  });
});
