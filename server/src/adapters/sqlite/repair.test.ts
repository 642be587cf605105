import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Ledger, LedgerTooNewError } from "../ledger.ts";
import { CART, DAY, decided, draft, openIncident, resolvedIncident, T0 } from "../testing/records.ts";
import { repairLedger } from "./repair.ts";
import { openSqliteLedger } from "./store.ts";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kintsugi-repair-"));
  file = join(folder, "ledger.sqlite");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function fill(count: number, retainBefore?: number): Promise<string> {
  const ledger = openSqliteLedger({ file });
  for (let i = 1; i <= count; i++) await ledger.append([draft(openIncident(`inc-${i}`), { at: T0 + i * DAY, epoch: 4 })]);
  if (retainBefore !== undefined) await ledger.retain({ now: T0 + count * DAY, keepMs: T0 + count * DAY - retainBefore });
  await ledger.close();
  return ledger.id;
}
async function fillWithVeto(count: number): Promise<void> {
  const ledger = openSqliteLedger({ file });
  await ledger.append([draft({ type: "vetoed", owner: CART, until: T0 + 30 * DAY, reason: "hands off" })]);
  await ledger.append(Array.from({ length: count - 1 }, (_, i) => draft(openIncident(`inc-${i + 2}`))));
  await ledger.close();
}
async function closed(): Promise<Ledger> {
  const ledger = openSqliteLedger({ file });
  await ledger.close();
  return ledger;
}
async function restoredTypes(): Promise<readonly string[]> {
  const ledger = openSqliteLedger({ file });
  const records = await ledger.restore();
  await ledger.close();
  return records.map((record) => record.body.type);
}
function edit(sql: string): void {
  const db = new DatabaseSync(file);
  db.exec(sql);
  db.close();
}

it("keeps the records before the damage, moves the damaged file aside, and starts paused under a new id", async () => {
  const oldId = await fill(5);
  edit("UPDATE records SET text = replace(text, 'inc-4', 'inc-9') WHERE seq = 4");
  expect(() => openSqliteLedger({ file })).toThrow("record 4");
  expect(await repairLedger(file, T0 + 9 * DAY)).toEqual({ kept: 3, aside: `${file}.damaged-1` });
  expect(existsSync(`${file}.damaged-1`)).toBe(true);
  const ledger = openSqliteLedger({ file });
  expect(ledger.id).not.toBe(oldId);
  expect(await ledger.verify()).toMatchObject({ ok: true, records: 4 });
  const restored = await ledger.restore();
  expect(restored.map((record) => record.body.type)).toEqual(["incident", "incident", "incident", "paused"]);
  expect(restored.at(-1)).toMatchObject({ epoch: 4, at: T0 + 9 * DAY });
  await ledger.close();
});

it("keeps older records that retention had kept, except the broken one", async () => {
  await fill(6, T0 + 5 * DAY);
  edit("UPDATE records SET text = replace(text, 'inc-2', 'inc-9') WHERE seq = 2");
  expect(() => openSqliteLedger({ file })).toThrow("record 2");
  await repairLedger(file, T0 + 9 * DAY);
  const ledger = openSqliteLedger({ file });
  expect(await ledger.verify()).toMatchObject({ ok: true, kept: 3, records: 3 });
  await ledger.append([draft(resolvedIncident("inc-1", T0 + 10 * DAY), { at: T0 + 10 * DAY, epoch: 5 })]);
  expect(await ledger.verify()).toMatchObject({ ok: true, kept: 3, records: 4 });
  await ledger.close();
});

it("starts empty and paused when nothing of the file can be read", async () => {
  await fill(3);
  for (const suffix of ["-wal", "-shm"]) rmSync(file + suffix, { force: true });
  writeFileSync(file, "this was a ledger once ".repeat(1000));
  expect(await repairLedger(file, T0)).toMatchObject({ kept: 0 });
  const ledger = openSqliteLedger({ file });
  expect((await ledger.restore()).map((record) => record.body.type)).toEqual(["paused"]);
  await ledger.close();
});

it("takes over what is whole of a file whose end was cut off", async () => {
  await fill(400);
  truncateSync(file, 300_000);
  const { kept } = await repairLedger(file, T0 + 500 * DAY);
  expect(kept).toBeLessThan(400);
  const ledger = openSqliteLedger({ file });
  expect(await ledger.verify()).toMatchObject({ ok: true, records: kept + 1 });
  await ledger.close();
});

it("takes a file that was cut down to nothing for a damaged one", async () => {
  await fill(3);
  truncateSync(file, 0);
  expect(await repairLedger(file, T0)).toEqual({ kept: 0, aside: `${file}.damaged-1` });
  expect(await restoredTypes()).toEqual(["paused"]);
});

it("keeps what decisions were made from, and repairs it when nothing else is damaged", async () => {
  const ledger = openSqliteLedger({ file });
  const [first] = await ledger.append([draft(decided("inc-1", "one")), draft(decided("inc-1", "two"))]);
  await ledger.close();
  edit("UPDATE records SET inputs = 'three' WHERE seq = 2");
  expect(await repairLedger(file, T0)).toMatchObject({ kept: 1 });
  const repaired = openSqliteLedger({ file });
  expect((await repaired.read({ fromSeq: 1, limit: 1 }))[0]).toEqual(first);
  expect(await repaired.verify()).toMatchObject({ ok: true, records: 2 });
  await repaired.close();
});

it("takes a table that is gone for damage", async () => {
  await fill(3);
  edit("DROP TABLE cuts");
  expect(await repairLedger(file, T0)).toMatchObject({ kept: 0 });
});

it("leaves a whole ledger as it is: a flag that was left in a manifest repairs nothing twice", async () => {
  await fill(3);
  edit("UPDATE records SET text = replace(text, 'inc-3', 'inc-9') WHERE seq = 3");
  await repairLedger(file, T0);
  const { id } = await closed();
  await expect(repairLedger(file, T0)).rejects.toMatchObject({ failure: { kind: "invalid", message: expect.stringContaining("is whole") } });
  expect((await closed()).id).toBe(id);
  expect(existsSync(`${file}.damaged-2`)).toBe(false);
});

it("leaves nothing behind where there is no ledger", async () => {
  await expect(repairLedger(file, T0)).rejects.toMatchObject({ failure: { kind: "gone" } });
  expect(readdirSync(folder)).toEqual([]);
});

it("leaves the ledger of a newer version alone", async () => {
  await fill(1);
  edit("PRAGMA user_version = 99");
  await expect(repairLedger(file, T0)).rejects.toBeInstanceOf(LedgerTooNewError);
});

it.each([
  ["before the damaged file goes aside", []],
  ["after the damaged file has gone aside", [["", ".damaged-1"]]],
])("broken off %s, it is refused at a start and taken up by the next repair", async (_when, moves) => {
  await fill(5);
  edit("UPDATE records SET text = replace(text, 'inc-4', 'inc-9') WHERE seq = 4");
  const done = `${file}.done`;
  cpSync(file, done);
  await repairLedger(done, T0);
  renameSync(done, `${file}.repaired`);
  for (const [from, to] of moves) renameSync(`${file}${from}`, `${file}${to}`);
  expect(() => openSqliteLedger({ file })).toThrow("start once more with --ledger-repair");
  expect(await repairLedger(file, T0)).toEqual({ kept: 3, aside: `${file}.damaged-1` });
  expect(existsSync(`${file}.damaged-1`)).toBe(true);
  expect(await restoredTypes()).toEqual(["incident", "incident", "incident", "paused"]);
});

it("does not begin anew where only a damaged ledger lies", async () => {
  await fill(1);
  renameSync(file, `${file}.damaged-1`);
  expect(() => openSqliteLedger({ file })).toThrow(`a damaged one at ${file}.damaged-1`);
  expect(existsSync(file)).toBe(false);
});

it.each([".repaired.making", ".repaired", ".damaged-1"])("killed when %s has appeared, it never lets a start forget a veto or the pause", async (suffix) => {
  await fillWithVeto(3_000);
  edit("UPDATE records SET text = replace(text, 'inc-2999', 'inc-9') WHERE seq = 2999");
  const repairer = fileURLToPath(new URL("./testing/repair-once.ts", import.meta.url));
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", repairer, file, String(T0)], { stdio: "inherit" });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  while (child.exitCode === null && !existsSync(file + suffix)) await new Promise(setImmediate);
  child.kill("SIGKILL");
  await ended;
  const started = await restoredTypes().catch((error: Error) => error.message);
  if (typeof started === "string") {
    expect(started).toContain("--ledger-repair");
    await repairLedger(file, T0);
  }
  expect(await restoredTypes()).toEqual(expect.arrayContaining(["vetoed", "paused"]));
});

it("leaves a ledger alone that another process has open", async () => {
  const ledger = openSqliteLedger({ file });
  await expect(repairLedger(file, T0)).rejects.toThrow("in use by process");
  await ledger.close();
  expect(existsSync(`${file}.damaged-1`)).toBe(false);
});
