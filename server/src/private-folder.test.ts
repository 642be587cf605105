import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { makePrivateFolder } from "./private-folder.ts";

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "kintsugi-folder-"));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

it("is made with all that is missing above it, for its owner alone, and may be there already", () => {
  const path = join(base, "a", "b");
  makePrivateFolder(path);
  makePrivateFolder(path);
  for (const folder of [path, join(base, "a")]) expect(statSync(folder).mode & 0o777).toBe(0o700);
});

it("cannot be made below a file", () => {
  writeFileSync(join(base, "file"), "");
  expect(() => makePrivateFolder(join(base, "file", "a"))).toThrow("ENOTDIR");
});
