import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LedgerDamagedError, LedgerLockedError, LedgerTooNewError } from "../ledger.ts";
import { ledgerContract } from "../testing/ledger-contract.ts";
import { draft, openIncident } from "../testing/records.ts";
import { openSqliteLedger } from "./store.ts";

ledgerContract("SQLite", { open: async (folder) => openSqliteLedger({ file: join(folder, "ledger.sqlite") }) });

describe("a ledger file", () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "kintsugi-sqlite-"));
    file = join(folder, "deep", "ledger.sqlite");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function filled(count: number): Promise<void> {
    const ledger = openSqliteLedger({ file });
    for (let i = 1; i <= count; i++) await ledger.append([draft(openIncident(`inc-${i}`))]);
    await ledger.close();
  }
  function edit(sql: string): void {
    const db = new DatabaseSync(file);
    db.exec(sql);
    db.close();
  }
  function damageOf(options: { readonly verifyNewest?: number } = {}): unknown {
    try {
      void openSqliteLedger({ file, ...options }).close();
      return undefined;
    } catch (error) {
      return error;
    }
  }

  it("is readable by its owner alone", async () => {
    await filled(1);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("refuses a second opener and names the first", async () => {
    const ledger = openSqliteLedger({ file });
    expect(() => openSqliteLedger({ file })).toThrow(LedgerLockedError);
    expect(() => openSqliteLedger({ file })).toThrow(`in use by process ${process.pid}`);
    await ledger.close();
    await openSqliteLedger({ file }).close();
  });

  it.each([
    ["a changed text", "UPDATE records SET text = replace(text, 'inc-3', 'inc-9') WHERE seq = 3", 3, "does not match its hash"],
    ["a changed column", "UPDATE records SET epoch = 9 WHERE seq = 4", 4, "columns do not match"],
    ["a record in the middle that is gone", "DELETE FROM records WHERE seq = 2", 2, "missing"],
    ["an end that is gone", "DELETE FROM records WHERE seq = 5", 5, "missing"],
    [
      "two records that changed places",
      "UPDATE records SET seq = -seq WHERE seq IN (2, 3); UPDATE records SET seq = 5 + seq WHERE seq < 0",
      2,
      "columns do not match",
    ],
  ])("does not start on %s, and says where it is", async (_what, sql, seq, reason) => {
    await filled(5);
    edit(sql);
    const error = damageOf();
    expect(error).toBeInstanceOf(LedgerDamagedError);
    expect((error as LedgerDamagedError).seq).toBe(seq);
    expect((error as LedgerDamagedError).message).toContain(reason);
    expect((error as LedgerDamagedError).message).toContain("--ledger-repair");
  });

  it("does not start on a file that is no database", async () => {
    await filled(1);
    rmSync(`${file}-wal`, { force: true });
    writeFileSync(file, "not a database, but long enough to be taken for one".repeat(50));
    expect(damageOf()).toBeInstanceOf(LedgerDamagedError);
  });

  it("does not start on the file of a newer version", async () => {
    await filled(1);
    edit("PRAGMA user_version = 99");
    expect(damageOf()).toBeInstanceOf(LedgerTooNewError);
  });

  it("finds old damage on demand that the quick check at the start does not reach", async () => {
    await filled(5);
    edit("UPDATE records SET text = replace(text, 'inc-1', 'inc-9') WHERE seq = 1");
    const ledger = openSqliteLedger({ file, verifyNewest: 2 });
    expect(await ledger.verify()).toMatchObject({ ok: false, seq: 1 });
    await expect(ledger.read({ fromSeq: 1, limit: 1 })).rejects.toBeInstanceOf(LedgerDamagedError);
    await ledger.close();
  });

  it("notices that an older record which retention had kept is gone", async () => {
    await filled(3);
    const ledger = openSqliteLedger({ file });
    await ledger.append([draft(openIncident("inc-4"), { at: Date.parse("2027-01-01T00:00:00Z") })]);
    expect(await ledger.retain(Date.parse("2026-12-01T00:00:00Z"))).toEqual({ deleted: 0, keptOlder: 3 });
    await ledger.close();
    edit("DELETE FROM records WHERE seq = 2");
    expect(damageOf()).toBeInstanceOf(LedgerDamagedError);
  });

  it("says that the disk is full when not even an empty ledger fits on it", () => {
    expect(() => openSqliteLedger({ file, maxBytes: 8_192 })).toThrow(/cannot be opened: the disk or the permitted size is full/);
  });

  it("says that the disk is full, stores nothing of the batch, and goes on when there is room again", async () => {
    const small = openSqliteLedger({ file, maxBytes: 200_000 });
    const batch = Array.from({ length: 500 }, (_, i) => draft(openIncident(`inc-${i}`)));
    await small.append(batch.slice(0, 5));
    await expect(small.append(batch)).rejects.toMatchObject({ failure: { kind: "unavailable", message: expect.stringContaining("full") } });
    expect(small.head().seq).toBe(5);
    await small.append(batch.slice(0, 1));
    await small.close();
    const roomy = openSqliteLedger({ file });
    expect((await roomy.append(batch)).at(-1)?.seq).toBe(506);
    expect(await roomy.verify()).toMatchObject({ ok: true, records: 506 });
    await roomy.close();
  });

  it("says what stands in the way when the place for the file cannot be used", () => {
    writeFileSync(join(folder, "deep"), "a file where a folder should be");
    expect(() => openSqliteLedger({ file })).toThrow(/cannot be created/);
  });

  it("is not made by those who only want to read it", () => {
    expect(() => openSqliteLedger({ file, create: false })).toThrow("there is no ledger at");
    expect(existsSync(file)).toBe(false);
  });

  it("loses nothing that was promised when its process is killed, and gives the lock back", async () => {
    const writer = fileURLToPath(new URL("./testing/append-for-ever.ts", import.meta.url));
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", writer, file], { stdio: ["ignore", "pipe", "inherit"] });
    let promised = 0;
    await new Promise<void>((resolve) => {
      let text = "";
      child.stdout.on("data", (chunk: Buffer) => {
        text += chunk.toString();
        const lines = text.split("\n");
        text = lines.pop() ?? "";
        promised = Number(lines.at(-1) ?? promised);
        if (promised >= 200) child.kill("SIGKILL");
      });
      child.on("exit", () => resolve());
    });
    expect(promised).toBeGreaterThanOrEqual(200);
    const ledger = openSqliteLedger({ file });
    expect(ledger.head().seq).toBeGreaterThanOrEqual(promised);
    expect(await ledger.verify()).toMatchObject({ ok: true });
    await ledger.close();
  });
});
