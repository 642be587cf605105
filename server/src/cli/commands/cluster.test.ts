import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { incident, PLAN, T0 } from "../../adapters/testing/records.ts";
import { readConfig } from "../../config.ts";
import { type ApiUnderTest, apiUnderTest, TOKEN } from "../../http/testing/api-under-test.ts";
import { seen } from "../../http/testing/filled-view.ts";
import { run } from "../run.ts";
import { RecordedTerminal } from "../testing/recorded-terminal.ts";

let api: ApiUnderTest;
let home: string;
let terminal: RecordedTerminal;
beforeEach(async () => {
  api = await apiUnderTest();
  await api.app.listen({ host: "127.0.0.1", port: 0 });
  home = mkdtempSync(join(tmpdir(), "kintsugi-cli-"));
  terminal = new RecordedTerminal();
  writeFileSync(join(home, "token"), TOKEN, { mode: 0o600 });
  const url = `http://127.0.0.1:${(api.app.server.address() as AddressInfo).port}`;
  writeFileSync(join(home, "api.json"), JSON.stringify({ url, tokenFile: join(home, "token"), pid: process.pid, startedAt: T0 }));
});
afterEach(async () => {
  await api.close();
  rmSync(home, { recursive: true });
});

function kintsugi(...args: readonly string[]): Promise<number> {
  return run(args, { config: readConfig({ HOME: home, KINTSUGI_HOME: home, USER: "ada" }, false), terminal, now: () => T0 });
}
function policyFile(spec: string): string {
  const file = join(home, "policy.yaml");
  writeFileSync(file, `# hands off\napiVersion: kintsugi.dev/v1alpha1\nkind: Policy\nmetadata: { name: quiet }\nspec: ${spec}\n`);
  return file;
}

it("remediations are listed with how they went", async () => {
  const attempt = { id: "inc-1/1", plan: PLAN, startedAt: T0, approvedBy: "ada", outcome: "helped", detail: "all pods are ready" } as const;
  api.engine.list = [{ ...incident("inc-1"), attempts: [attempt] }];
  expect(await kintsugi("remediations", "--outcome", "helped")).toBe(0);
  expect(terminal.out).toMatch(/inc-1\/1 +2026-01-05 10:00:00 +helped +ada +Roll shop\/cart back to revision 3 +all pods are ready/);
  expect(await kintsugi("remediations", "--limit", "x")).not.toBe(0);
});

it("the topology of an object is told in arrows", async () => {
  api.engine.seen.apply(seen());
  expect(await kintsugi("topology", "deploy/shop/cart")).toBe(0);
  expect(terminal.out).toContain("Service/shop/cart selects Pod/shop/cart-a");
  expect(terminal.out).toContain("Pod/shop/cart-a runs-on Node/worker-1");
  expect(await kintsugi("topology", "deploy/shop/other")).not.toBe(0);
});

it("a policy is put in force as it is written, in place of the one that is, and a dry run says what it would change", async () => {
  const file = policyFile("{ mode: observe }");
  expect(await kintsugi("policy", "set", file, "--dry-run")).toBe(0);
  expect(terminal.out).toContain('spec.mode: "suggest" -> "observe"');
  expect(api.engine.put).toEqual([]);
  expect(await kintsugi("policy", "set", file)).toBe(0);
  expect(api.engine.put).toMatchObject([{ document: readFileSync(file, "utf8"), by: "ada", policy: { name: "quiet" } }]);
});

it("a policy with a mistake is not sent", async () => {
  expect(await kintsugi("policy", "set", policyFile("{ mood: act }"))).not.toBe(0);
  expect(terminal.err).toContain("policy.yaml:5:9: spec.mood");
  expect(api.engine.put).toEqual([]);
});
