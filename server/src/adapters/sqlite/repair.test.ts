import { existsSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, it } from "vitest";
import { DAY, draft, openIncident, resolvedIncident, T0 } from "../testing/records.ts";
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
  if (retainBefore !== undefined) await ledger.retain(retainBefore);
  await ledger.close();
  return ledger.id;
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

it("leaves a ledger alone that another process has open", async () => {
  const ledger = openSqliteLedger({ file });
  await expect(repairLedger(file, T0)).rejects.toThrow("in use by process");
  await ledger.close();
  expect(existsSync(`${file}.damaged-1`)).toBe(false);
});
