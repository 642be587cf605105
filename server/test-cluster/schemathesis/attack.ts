/** Lets Schemathesis ask an API everything that its own OpenAPI document allows, and what it forbids, and says what was answered wrongly. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { schemathesis } from "./program.ts";

export interface Attacked {
  readonly url: string;
  readonly token: string;
  /** Incidents that are there, so that not every question about one ends in 404. */
  readonly incidents: readonly string[];
  readonly seconds: number;
}

export interface Outcome {
  readonly isClean: boolean;
  /** What it printed: each failure with the curl line that repeats it. */
  readonly text: string;
  readonly cases: number;
}

/** No 5xx but a 503, no status and no content type that is not documented, no answer that its schema does not allow. */
const CHECKS = ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance"];

/** Streams have no end to wait for. */
const STREAMS = "^/api/v2/events$";

/** Of each operation; the time ends it sooner. */
const MAX_EXAMPLES = 60;

/** Examples are drawn by the seed, so that what fails fails again. */
export async function attack({ url, token, incidents, seconds }: Attacked): Promise<Outcome> {
  const python = await schemathesis();
  const folder = mkdtempSync(join(tmpdir(), "kintsugi-schemathesis-"));
  writeFileSync(join(folder, "schemathesis.toml"), settings(incidents));
  const flags = ["--checks", CHECKS.join(","), "--exclude-path-regex", STREAMS, "--max-time", String(seconds), "--max-examples", String(MAX_EXAMPLES)];
  const quiet = ["--seed", "1", "--generation-database", "none", "--no-color", "--request-timeout", "20", "--max-failures", "20", "--rate-limit", "auto"];
  const words = ["-m", "schemathesis.cli", "run", `${url}/api/v2/openapi.json`, "--header", `Authorization: Bearer ${token}`, ...flags, ...quiet];
  try {
    const { code, text } = await ran(python, words, folder, (seconds + 60) * 1000);
    return { isClean: code === 0, text, cases: Number(/([\d,]+) generated/.exec(text)?.[1]?.replaceAll(",", "") ?? 0) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function settings(incidents: readonly string[]): string {
  return [
    "[checks]",
    'not_a_server_error = { expected-statuses = ["2xx", "4xx", 503] }',
    "[dictionaries.incidents]",
    `values = ${JSON.stringify(incidents)}`,
    "[parameters]",
    '"path.id" = { dictionary = "incidents", probability = 0.5 }',
    "",
  ].join("\n");
}

function ran(file: string, words: readonly string[], cwd: string, timeout: number): Promise<{ readonly code: number; readonly text: string }> {
  return new Promise((resolve) => {
    execFile(file, [...words], { cwd, timeout, maxBuffer: 64 << 20, env: {} }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ code, text: stdout + stderr });
    });
  });
}
