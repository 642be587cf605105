import { chmodSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { LedgerLockedError } from "../ledger.ts";
import { draft, openIncident } from "../testing/records.ts";
import { openSqliteLedger } from "./store.ts";

let folder: string;
let file: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "kintsugi-place-")));
  file = join(folder, "ledger.sqlite");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const modes = (): { readonly [name: string]: string } =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, (statSync(join(folder, name)).mode & 0o777).toString(8)]));

it.each([
  ["the file", () => symlinkSync(file, join(folder, "other.sqlite")), "other.sqlite"],
  ["its folder", () => symlinkSync(folder, join(folder, "elsewhere")), "elsewhere/ledger.sqlite"],
])("has one writer, also when a second comes through a link to %s", async (_what, link, name) => {
  const ledger = openSqliteLedger({ file });
  await ledger.append([draft(openIncident("inc-1"))]);
  link();
  expect(() => openSqliteLedger({ file: join(folder, name) })).toThrow(LedgerLockedError);
  await ledger.append([draft(openIncident("inc-2"))]);
  await ledger.close();
});

it("makes a new ledger where a link says, not in place of the link", async () => {
  mkdirSync(join(folder, "volume"));
  symlinkSync("volume/real.sqlite", file);
  await openSqliteLedger({ file }).close();
  expect(readdirSync(join(folder, "volume"))).toContain("real.sqlite");
  await expect(openSqliteLedger({ file, create: false }).close()).resolves.toBeUndefined();
});

it("says what is wrong with a link that leads to itself", () => {
  symlinkSync(file, file);
  expect(() => openSqliteLedger({ file })).toThrow("ELOOP");
});

it("is for its owner alone, and so are the files beside it", async () => {
  const ledger = openSqliteLedger({ file });
  await ledger.append([draft(openIncident("inc-1"))]);
  expect(modes()).toEqual({ "ledger.sqlite": "600", "ledger.sqlite-wal": "600", "ledger.sqlite-shm": "600", "ledger.sqlite.lock": "600" });
  await ledger.close();
});

it("takes back what others may do with files that were restored with loose modes", async () => {
  await openSqliteLedger({ file }).close();
  chmodSync(file, 0o644);
  chmodSync(`${file}.lock`, 0o666);
  writeFileSync(`${file}-wal`, "", { mode: 0o644 });
  const ledger = openSqliteLedger({ file });
  await ledger.append([draft(openIncident("inc-1"))]);
  expect(modes()).toEqual({ "ledger.sqlite": "600", "ledger.sqlite-wal": "600", "ledger.sqlite-shm": "600", "ledger.sqlite.lock": "600" });
  await ledger.close();
});
