import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_POLICY } from "@kintsugi/core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startingPolicy } from "./policy-keeping.ts";

let home: string;
let kept: string;
const told: string[] = [];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "kintsugi-policy-"));
  kept = join(home, "state", "policy-test.yaml");
  told.length = 0;
});
afterEach(() => rmSync(home, { recursive: true }));

const document = (name: string) => `# by ada\napiVersion: kintsugi.dev/v1alpha1\nkind: Policy\nmetadata: { name: ${name} }\nspec: { mode: observe }\n`;
const start = (file?: string) => startingPolicy({ policy: DEFAULT_POLICY, ...(file === undefined ? {} : { file }) }, kept, (text) => told.push(text));

it("is the default as long as nobody put one, and what was put from the next start on, which says so", () => {
  const { policy, keeping } = start();
  expect([policy, keeping.ownedBy]).toEqual([DEFAULT_POLICY, undefined]);
  keeping.prepare(document("quiet")).commit();
  expect(readFileSync(kept, "utf8")).toBe(document("quiet"));
  expect(statSync(kept).mode & 0o777).toBe(0o600);
  expect(start().policy).toMatchObject({ name: "quiet", spec: { mode: "observe" } });
  expect(told).toEqual([expect.stringContaining(`put through the API: quiet, from ${kept}`)]);
});

it("does not count before it is committed, and leaves nothing behind where it was dropped", () => {
  const { keeping } = start();
  keeping.prepare(document("first")).commit();
  keeping.prepare(document("second")).drop();
  expect(start().policy.name).toBe("first");
  expect(readdirSync(join(home, "state"))).toEqual(["policy-test.yaml"]);
});

it("is the one of a file that was named, whatever was put before", () => {
  start().keeping.prepare(document("quiet")).commit();
  const { policy, keeping } = start("policy.yaml");
  expect([policy, keeping.ownedBy]).toEqual([DEFAULT_POLICY, "policy.yaml"]);
  expect(told).toEqual([expect.stringContaining("does not count")]);
});

it("stops the start where it cannot be read, rather than allow what it forbade", () => {
  start().keeping.prepare(document("quiet")).commit();
  writeFileSync(kept, "spec: {");
  expect(() => start()).toThrow(kept);
});

it("is not written to where somebody else's link leads", () => {
  start().keeping.prepare(document("first")).commit();
  const theirs = join(home, "theirs");
  writeFileSync(theirs, "");
  symlinkSync(theirs, `${kept}.${process.pid}`);
  start().keeping.prepare(document("second")).commit();
  expect([readFileSync(theirs, "utf8"), lstatSync(kept).isSymbolicLink(), start().policy.name]).toEqual(["", false, "second"]);
});

it("says that nothing was changed where it cannot be written", () => {
  writeFileSync(join(home, "blocked"), "");
  const { keeping } = startingPolicy({ policy: DEFAULT_POLICY }, join(home, "blocked", "policy.yaml"), () => undefined);
  expect(() => keeping.prepare(document("quiet"))).toThrow("nothing was changed");
});
