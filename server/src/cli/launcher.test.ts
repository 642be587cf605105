/** The JavaScript launcher that a user's own Node runs. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";

const LAUNCHER = fileURLToPath(new URL("../../bin/kintsugi.js", import.meta.url));
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "kintsugi-launcher-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function launch(...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [LAUNCHER, ...args], { env: { PATH: process.env["PATH"], HOME: home }, stdio: ["ignore", "pipe", "pipe"] });
}
function codeOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.on("close", resolve));
}

it("passes on how the program ended", { timeout: 20_000 }, async () => {
  expect(await codeOf(launch("--version"))).toBe(0);
  expect(await codeOf(launch("frobnicate"))).toBe(2);
});

it("passes on the wish to stop, and waits for the end", { timeout: 20_000 }, async () => {
  const child = launch("demo", "--listen", "127.0.0.1:0");
  const ended = codeOf(child);
  let out = "";
  await new Promise<void>((resolve) =>
    child.stdout?.on("data", (chunk: Buffer) => {
      out += chunk.toString();
      if (out.includes("the demo breaks")) resolve();
    }),
  );
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
  expect(out.trimEnd().split("\n").at(-1)).toMatch(/^\d+ incidents, \d+ healed, \d+ escalated, \d+ harmed$/);
});
