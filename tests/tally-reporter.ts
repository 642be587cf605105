/**
 * Names the tests that were skipped, and fails the run for them where CI is set: what was not run was not shown to work.
 * KINTSUGI_TALLY names a file that gets the counts, for .ci/run to sum.
 */
import { writeFileSync } from "node:fs";
import type { Reporter, TestCase, TestModule } from "vitest/node";

export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

export interface TallyOptions {
  readonly ci: boolean;
  readonly file: string | undefined;
  readonly print: (line: string) => void;
}

export default class TallyReporter implements Reporter {
  readonly #options: TallyOptions;

  constructor(options: Partial<TallyOptions> = {}) {
    const { CI, KINTSUGI_TALLY } = process.env;
    this.#options = { ci: CI !== undefined && CI !== "" && CI !== "false", file: KINTSUGI_TALLY, print: console.log, ...options };
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const { ci, file, print } = this.#options;
    const { tally, skipped } = count(modules, unhandled.length);
    if (skipped.length > 0) print([`${skipped.length} skipped${ci ? ", which is a failure where CI is set" : ""}:`, ...skipped].join("\n  "));
    if (ci && skipped.length > 0) process.exitCode = 1;
    if (file !== undefined) writeFileSync(file, `${JSON.stringify(tally)}\n`);
  }
}

/** A file that cannot be loaded, a hook that throws and an error outside a test each count as one failure. */
export function count(
  modules: readonly Pick<TestModule, "relativeModuleId" | "errors" | "children">[],
  unhandled: number,
): { tally: Tally; skipped: string[] } {
  const tally: Tally = { passed: 0, failed: unhandled, skipped: 0 };
  const skipped: string[] = [];
  for (const module of modules) {
    tally.failed += module.errors().length;
    for (const suite of module.children.allSuites()) tally.failed += suite.errors().length;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === "passed") tally.passed += 1;
      else if (state === "failed") tally.failed += 1;
      else skipped.push(`${module.relativeModuleId} > ${test.fullName}${noteOf(test)}`);
    }
  }
  tally.skipped = skipped.length;
  return { tally, skipped };
}

function noteOf(test: TestCase): string {
  const result = test.result();
  return result.state === "skipped" && result.note !== undefined ? ` (${result.note})` : "";
}
