import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ensureToken, sameToken } from "./token.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kintsugi-token-"));
  file = join(folder, "new", "token");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("is made once, for its owner alone", () => {
  const token = ensureToken(file);
  expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, "utf8").trim()).toBe(token);
  expect(ensureToken(file)).toBe(token);
});

it("is made anew when others could have read it", () => {
  const token = ensureToken(file);
  chmodSync(file, 0o644);
  expect(ensureToken(file)).not.toBe(token);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it("is made anew when the file holds something else", () => {
  ensureToken(file);
  writeFileSync(file, "password");
  expect(ensureToken(file)).toMatch(/^[A-Za-z0-9_-]{43}$/);
});

it("is not left lying about where its file cannot be written", () => {
  mkdirSync(file, { recursive: true });
  expect(() => ensureToken(file)).toThrow("EISDIR");
  expect(readdirSync(join(folder, "new"))).toEqual(["token"]);
});

it("is not written to where somebody else's link leads", () => {
  const theirs = join(folder, "theirs");
  writeFileSync(theirs, "");
  mkdirSync(join(folder, "new"));
  symlinkSync(theirs, `${file}.${process.pid}`);
  const token = ensureToken(file);
  expect(readFileSync(theirs, "utf8")).toBe("");
  expect([readFileSync(file, "utf8").trim(), lstatSync(file).isSymbolicLink()]).toEqual([token, false]);
});

it("is compared whole, whatever the length", () => {
  expect(sameToken("abc", "abc")).toBe(true);
  expect(sameToken("ab", "abc")).toBe(false);
  expect(sameToken("", "abc")).toBe(false);
});
