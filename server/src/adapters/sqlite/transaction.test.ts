import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { inTransaction } from "./transaction.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kintsugi-transaction-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("stores nothing of a work that fails half-way, and says why it failed", () => {
  const db = new DatabaseSync(":memory:");
  db.exec("CREATE TABLE words (word TEXT)");
  expect(() =>
    inTransaction(db, () => {
      db.exec("INSERT INTO words VALUES ('half')");
      throw new Error("the other half is missing");
    }),
  ).toThrow("the other half is missing");
  expect(db.prepare("SELECT count(*) AS words FROM words").get()).toEqual({ words: 0 });
  db.close();
});

it("says what made SQLite give up by itself, not that there was nothing left to roll back", () => {
  const db = new DatabaseSync(":memory:");
  db.exec("CREATE TABLE words (word TEXT PRIMARY KEY ON CONFLICT ROLLBACK)");
  const twice = (): void => inTransaction(db, () => db.exec("INSERT INTO words VALUES ('once'), ('once')"));
  expect(twice).toThrow("UNIQUE constraint failed");
  expect(db.isTransaction).toBe(false);
  db.close();
});

it("names the full disk when the log of a new ledger finds no room", () => {
  const opener = fileURLToPath(new URL("./testing/open-once.ts", import.meta.url));
  // A limit on the size of files stands in for the disk: a new ledger has 24 kB, the index of its log begins with 32.
  const script = `trap '' XFSZ; ulimit -f 31; exec "$0" "$@"`;
  const child = spawnSync("bash", ["-c", script, process.execPath, "--disable-warning=ExperimentalWarning", opener, join(folder, "l.sqlite")], {
    encoding: "utf8",
  });
  expect(`${child.stdout}${child.stderr}`).toMatch(/cannot be opened: the disk or the permitted size is full/);
});
