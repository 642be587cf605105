/** Schemathesis in a virtual environment of its own, in the cache beside the built Kubernetes: installed once for each set of versions. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execute } from "../../../cluster/src/execute.ts";
import { cacheFolder, installScript } from "../../../cluster/src/paths.ts";

const REQUIREMENTS = fileURLToPath(new URL("requirements.txt", import.meta.url));

/** The Python whose module `schemathesis.cli` is the program. Takes packages from wherever pip of this machine is told to. */
export async function schemathesis(): Promise<string> {
  const python = (await execute("python3", ["-c", "import sys; print(sys.executable, sys.version)"])).trim();
  const hash = createHash("sha256").update(python).update(readFileSync(REQUIREMENTS)).digest("hex").slice(0, 16);
  const cache = dirname(cacheFolder());
  const target = join(cache, `schemathesis-${hash}`);
  if (!existsSync(target)) await install(cache, target);
  return join(target, "bin", "python");
}

/** Whole or not at all, and two runs may do it at once: what counts is that a whole folder is there. */
async function install(cache: string, target: string): Promise<void> {
  mkdirSync(cache, { recursive: true });
  const draft = mkdtempSync(join(cache, ".schemathesis-"));
  try {
    await execute("python3", ["-m", "venv", draft]).catch((error: Error) => {
      throw new Error(`${error.message}; Debian has it as python3-venv, which ${installScript} installs`);
    });
    await execute(join(draft, "bin", "python"), ["-m", "pip", "install", "--quiet", "--no-input", "--requirement", REQUIREMENTS]);
    renameSync(draft, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
