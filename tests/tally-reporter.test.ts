import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { TestModule } from "vitest/node";
import TallyReporter, { type TallyOptions } from "./tally-reporter.ts";

let folder: string;
let exitCode: typeof process.exitCode;
let printed: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kintsugi-tally-"));
  exitCode = process.exitCode;
  printed = [];
});

afterEach(() => {
  process.exitCode = exitCode;
  rmSync(folder, { recursive: true });
});

const reporter = (options: Partial<TallyOptions>) =>
  new TallyReporter({ ci: false, file: join(folder, "tally.json"), print: (line) => void printed.push(line), ...options });
const tally = (): unknown => JSON.parse(readFileSync(join(folder, "tally.json"), "utf8"));

interface Outcome {
  readonly states?: readonly string[];
  readonly moduleErrors?: number;
  readonly suiteErrors?: number;
}

/** As much of a finished test file as the reporter looks at. */
function finished({ states = [], moduleErrors = 0, suiteErrors = 0 }: Outcome): TestModule {
  const errors = (count: number) => Array.from({ length: count }, () => new Error("broken"));
  const tests = states.map((state, index) => ({ fullName: `${state} ${index}`, result: () => ({ state, note: state === "skipped" ? "no root" : undefined }) }));
  const children = { allTests: () => tests, allSuites: () => [{ errors: () => errors(suiteErrors) }] };
  return { relativeModuleId: "a.test.ts", errors: () => errors(moduleErrors), children } as unknown as TestModule;
}

it("counts what passed, failed and was skipped", () => {
  reporter({}).onTestRunEnd([finished({ states: ["passed", "passed", "failed"] }), finished({ states: ["skipped"] })], []);
  expect(tally()).toEqual({ passed: 2, failed: 1, skipped: 1 });
});

it("counts as failed what broke outside a test: a file, a hook, a stray rejection", () => {
  reporter({}).onTestRunEnd([finished({ moduleErrors: 1, suiteErrors: 1 })], [new Error("stray")]);
  expect(tally()).toEqual({ passed: 0, failed: 3, skipped: 0 });
});

it("names skipped tests and lets the run pass on a developer's machine", () => {
  reporter({}).onTestRunEnd([finished({ states: ["skipped"] })], []);
  expect(printed.join("\n")).toContain("a.test.ts > skipped 0 (no root)");
  expect(process.exitCode).toBe(exitCode);
});

it("fails the run for a skipped test where CI is set", () => {
  reporter({ ci: true }).onTestRunEnd([finished({ states: ["passed", "skipped"] })], []);
  expect(process.exitCode).toBe(1);
});

it("fails nothing where CI is set and all was run", () => {
  reporter({ ci: true }).onTestRunEnd([finished({ states: ["passed"] })], []);
  expect([process.exitCode, printed]).toEqual([exitCode, []]);
});
