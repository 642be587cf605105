/** The MCP conformance suite from npm: what it offers, and what it finds at a server. */
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const PROGRAM = join(dirname(fileURLToPath(import.meta.resolve("@modelcontextprotocol/conformance/package.json"))), "dist", "index.js");

export interface Scenario {
  readonly name: string;
  /** Revisions that it is for; none for an extension, which is part of no revision. */
  readonly revisions: readonly string[];
}

export interface Check {
  readonly scenario: string;
  readonly id: string;
  readonly status: "SUCCESS" | "INFO" | "WARNING" | "SKIPPED" | "FAILURE";
  readonly errorMessage?: string;
}

/** Every scenario for servers. */
export async function scenarios(): Promise<readonly Scenario[]> {
  const listed = await run(["list", "--server"]);
  return [...listed.matchAll(/^ +- (\S+) \[([^\]]+)\]$/gm)].map(([, name = "", revisions = ""]) => ({
    name,
    revisions: revisions === "extension" ? [] : revisions.split(","),
  }));
}

/** Runs all that is for the revision, one scenario after the other, and returns every check that was made. */
export async function checksAt(url: string, revision: string): Promise<readonly Check[]> {
  const folder = mkdtempSync(join(tmpdir(), "kintsugi-conformance-"));
  try {
    // Its exit status says whether all went well; which did and which did not is in its files.
    await run(["server", "--url", url, "--suite", "all", "--spec-version", revision, "--output-dir", folder]);
    return readdirSync(folder).flatMap((name) => {
      const scenario = /^server-(.+)-\d{4}-\d\d-\d\dT[\d-]+Z$/.exec(name)?.[1];
      if (scenario === undefined) throw new Error(`the suite left ${name}, which is no result of a scenario`);
      return (JSON.parse(readFileSync(join(folder, name, "checks.json"), "utf8")) as Omit<Check, "scenario">[]).map((check) => ({ ...check, scenario }));
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(words: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [PROGRAM, ...words], { env: {}, maxBuffer: 64 << 20, timeout: 100_000 }, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== "number") reject(error);
      else resolve(stdout + stderr);
    });
  });
}
