import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConfidenceTable } from "@kintsugi/core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readConfig } from "../../config.ts";
import { CliError } from "../exit.ts";
import { run } from "../run.ts";
import { RecordedTerminal } from "../testing/recorded-terminal.ts";
import { demo } from "./demo.ts";

let home: string;
let terminal: RecordedTerminal;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "kintsugi-demo-"));
  terminal = new RecordedTerminal();
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const context = () => ({ config: readConfig({ HOME: home, KINTSUGI_HOME: home }, false), terminal, now: () => Date.now() });

/** As if every pattern of evidence had proven right in 300 of 300 cases, or in none at all. */
function table(right: number, cases: number): ConfidenceTable {
  const entries = new Proxy({}, { get: () => ({ right, cases }) });
  return { seeds: "1-300", date: "2026-01-01", entries };
}

it("heals what it may heal, hands over what it may not, harms nothing, and counts it in the last line", { timeout: 60_000 }, async () => {
  await demo(context(), { once: true, speed: "1000", seed: "1", listen: "127.0.0.1:0" }, table(300, 300));
  const last = terminal.out.split("\n").at(-1);
  expect(last).toMatch(/^\d+ incidents, \d+ healed, \d+ escalated, 0 harmed$/);
  const [incidents, healed, escalated] = (last?.match(/\d+/g) ?? []).map(Number);
  expect(healed).toBeGreaterThanOrEqual(5);
  expect((healed ?? 0) + (escalated ?? 0)).toBe(incidents);
  expect(terminal.out).toContain("its clock runs 1000 times as fast as yours");
  expect(terminal.out).toMatch(/^MCP http:\/\/127\.0\.0\.1:\d+\/mcp with the credential in \S+mcp-token; on this machine: kintsugi mcp$/m);
  expect(terminal.remarks).toEqual([]);
  expect(existsSync(join(home, "api.json"))).toBe(false);
});

it("fails when what could be healed was not: here because nothing is proven, so it only asks", { timeout: 60_000 }, async () => {
  const played = demo(context(), { once: true, speed: "1000", seed: "1", listen: "127.0.0.1:0" }, table(0, 0));
  await expect(played).rejects.toBeInstanceOf(CliError);
  expect(terminal.out.split("\n").at(-1)).toMatch(/, 0 healed, \d+ escalated, 0 harmed$/);
});

it("says what would be right instead of a speed that is none", async () => {
  expect(await run(["demo", "--speed", "fast"], context())).toBe(2);
  expect(terminal.err).toContain("--speed fast is not a number from 1 to 1000");
});

it("simulates a seed and scores it", { timeout: 60_000 }, async () => {
  expect(await run(["simulate", "--seed", "3", "-o", "json"], context())).toBe(0);
  expect(JSON.parse(terminal.out)).toMatchObject({ seeds: 1, score: { harmed: 0 }, violations: [] });
  expect(await run(["simulate", "--seed", "three", "--seeds", "2"], context())).toBe(2);
});
