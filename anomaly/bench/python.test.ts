import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { pythonWith } from "./python.ts";

const folder = mkdtempSync(join(tmpdir(), "bench-python-"));
const before = process.env["XDG_CACHE_HOME"];
process.env["XDG_CACHE_HOME"] = folder;
afterAll(() => {
  if (before === undefined) delete process.env["XDG_CACHE_HOME"];
  else process.env["XDG_CACHE_HOME"] = before;
  rmSync(folder, { recursive: true });
});

const script = (text: string): string => {
  const path = join(folder, "script.py");
  writeFileSync(path, text);
  return path;
};

// No packages: what is tested needs no network.
const lines: string[] = [];
const python = await pythonWith([], (line) => lines.push(line));

describe.skipIf("missing" in python)("a Python of its own (where python3 with venv is installed)", () => {
  if ("missing" in python) return;

  it("gets JSON and gives JSON, on one core", async () => {
    const path = script(
      "import json, os, sys\nx = json.load(sys.stdin)\nprint(json.dumps([sum(x), os.environ['OMP_NUM_THREADS'], sys.prefix != sys.base_prefix]))",
    );
    expect(await python.run(path, [1, 2, 3])).toEqual([6, "1", true]);
  });

  it("says what a script that fails said", async () => {
    await expect(python.run(script("raise ValueError('too few rows')"), null)).rejects.toThrow("ValueError: too few rows");
  });

  it("is made once", async () => {
    const made = lines.length;
    await pythonWith([], (line) => lines.push(line));
    expect([made, lines.length]).toEqual([1, 1]);
  });

  it("a package that is not there is a reason, not a failure", async () => {
    const answer = await pythonWith(["./no-such-package.whl"], () => undefined);
    expect(answer).toMatchObject({ missing: expect.stringContaining("pip could not install ./no-such-package.whl") });
  });
});
