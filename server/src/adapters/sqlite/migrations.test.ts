import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { canonicalJson, type Record, type RecordBody } from "@kintsugi/core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { decided, draft, openIncident, T0 } from "../testing/records.ts";
import { sha256 } from "./chain.ts";
import { openSqliteLedger } from "./store.ts";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kintsugi-migrations-"));
  file = join(folder, "ledger.sqlite");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The tables as schema 1 had them, and records as it hashed them: with their inputs in the text. */
function writeSchema1(bodies: readonly RecordBody[]): readonly Record[] {
  const db = new DatabaseSync(file);
  db.exec(`
    PRAGMA journal_mode = WAL;
    CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE records (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, epoch INTEGER NOT NULL, type TEXT NOT NULL, key TEXT NOT NULL,
      sub TEXT NOT NULL, text TEXT NOT NULL, hash TEXT NOT NULL);
    CREATE INDEX records_by_key ON records (type, key, sub, seq);
    CREATE INDEX records_by_time ON records (at);
    CREATE TABLE cuts (id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, hash TEXT NOT NULL, kept INTEGER NOT NULL, kept_digest TEXT NOT NULL);
    INSERT INTO meta (name, value) VALUES ('id', 'as-old-as-the-hills');
    PRAGMA user_version = 1;
  `);
  const insert = db.prepare("INSERT INTO records (seq, at, epoch, type, key, sub, text, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  let previous = "0".repeat(64);
  const records = bodies.map((body, i): Record => {
    const unhashed = { ...draft(body), seq: i + 1, previous };
    const text = canonicalJson(unhashed);
    const hash = sha256(text);
    const [key, sub] = body.type === "incident" ? [body.incident.id, body.incident.phase] : ["", ""];
    insert.run(i + 1, T0, 1, body.type, key, sub, text, hash);
    previous = hash;
    return { ...unhashed, hash };
  });
  db.prepare("INSERT INTO meta (name, value) VALUES ('head', ?)").run(JSON.stringify({ seq: records.length, hash: previous, epoch: 1 }));
  db.close();
  return records;
}

it("brings a ledger of schema 1 up to date: same identity, same records, and the chain goes on", async () => {
  const old = writeSchema1([openIncident("inc-1"), decided("inc-1", '{"seen":"then"}'), { type: "paused", reason: "x" }]);
  const ledger = openSqliteLedger({ file });
  expect(ledger.id).toBe("as-old-as-the-hills");
  const [added] = await ledger.append([draft(decided("inc-1", '{"seen":"now"}'))]);
  expect(added?.previous).toBe(old.at(-1)?.hash);
  await ledger.close();
  const again = openSqliteLedger({ file });
  expect(await again.read({ fromSeq: 1, limit: 10 })).toEqual([...old, added]);
  expect(await again.verify()).toMatchObject({ ok: true, records: 4 });
  await again.close();
  const db = new DatabaseSync(file);
  expect(db.prepare("PRAGMA user_version").get()).toEqual({ user_version: 2 });
  db.close();
});

it("leaves the inputs of a decision out where they are not asked for, whichever schema wrote it", async () => {
  writeSchema1([decided("inc-1", '{"seen":"then"}')]);
  const ledger = openSqliteLedger({ file });
  await ledger.append([draft(decided("inc-1", '{"seen":"now"}'))]);
  const found = await ledger.find({ order: "oldest-first", limit: 10 });
  expect(found.map(({ body }) => body.type === "incident" && body.inputs)).toEqual([{ decisionHash: "d" }, { decisionHash: "d" }]);
  await ledger.close();
});

it("notices damage to a record of schema 1", async () => {
  writeSchema1([openIncident("inc-1"), decided("inc-1", '{"seen":"then"}')]);
  const db = new DatabaseSync(file);
  db.exec("UPDATE records SET text = replace(text, 'then', 'when') WHERE seq = 2");
  db.close();
  expect(() => openSqliteLedger({ file })).toThrow("damaged at record 2");
});
