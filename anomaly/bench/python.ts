/**
 * Python beside which ours is measured: a virtual environment of its own with pinned packages, made once and kept in the user's cache.
 * Where Python, pip or a package is missing, the answer says so, and the benchmark prints ours alone.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Releases of November 2026, for Python 3.11 or newer. */
export const REFERENCE_PACKAGES = ["numpy==2.4.6", "scipy==1.17.1", "scikit-learn==1.9.1", "statsmodels==0.15.0", "pandas==3.1.1"] as const;

export interface Python {
  /** "Python 3.11.7" and the packages, for the table's notes. */
  readonly version: string;
  /** Runs a script with one argument and one core, JSON of `input` on its standard input, and returns the JSON that it prints. Throws with what it said where it fails. */
  run(script: string, input: unknown): Promise<unknown>;
}

/** The virtual environment with these packages, made where it is not there yet (a minute and a network), or the reason why there is none. */
export async function pythonWith(packages: readonly string[], say: (line: string) => void): Promise<Python | { readonly missing: string }> {
  const found = await start("python3", ["--version"]);
  if (found.code !== 0) return { missing: `python3 is not there (${found.said}): ours is printed alone` };
  const version = found.out.trim();
  const key = createHash("sha256")
    .update([version, ...packages].join("\n"))
    .digest("hex")
    .slice(0, 12);
  const folder = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "kintsugi", "bench-venv", key);
  const python = join(folder, "bin", "python");
  const ready = join(folder, ".complete");
  if (!existsSync(ready)) {
    say(`making a virtual environment with ${packages.join(", ")} in ${folder}`);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const made = await start("python3", ["-m", "venv", folder]);
    if (made.code !== 0) return { missing: `python3 -m venv failed (${made.said}): ours is printed alone` };
    const installed = packages.length === 0 ? made : await start(python, ["-m", "pip", "install", "--quiet", "--only-binary=:all:", ...packages]);
    if (installed.code !== 0) return { missing: `pip could not install ${packages.join(", ")} (${installed.said}): ours is printed alone` };
    writeFileSync(ready, "");
  }
  return {
    version: [version, ...packages].join(", "),
    async run(script, input) {
      const { code, out, said } = await start(python, [script], JSON.stringify(input));
      if (code !== 0) throw new Error(`${script} failed: ${said}`);
      return JSON.parse(out);
    },
  };
}

interface Ended {
  readonly code: number;
  readonly out: string;
  /** The last line that it said on standard error, or why it could not start. */
  readonly said: string;
}

function start(command: string, args: readonly string[], input = ""): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env: oneCore(process.env), stdio: ["pipe", "pipe", "pipe"] });
    const out: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
    child.on("error", (error) => resolve({ code: -1, out: "", said: error.message }));
    child.on("close", (code) => {
      const said = Buffer.concat(errors).toString().trim().split("\n").at(-1) ?? "";
      resolve({ code: code ?? -1, out: Buffer.concat(out).toString(), said });
    });
    // A child that ends before it has read its input says why by its code.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

/** One thread for each library, and no setting of this machine's that would make its linear algebra slower than it is. */
function oneCore(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !name.startsWith("OPENBLAS_"));
  return { ...Object.fromEntries(kept), OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };
}
