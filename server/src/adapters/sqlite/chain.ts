/** The hash chain: how a draft becomes a row, and how rows are proven to be as they were written. */
import { createHash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { canonicalJson, type Record, type RecordBody, type RecordDraft, refKey } from "@kintsugi/core";

/** Hash "before" the first record. */
export const GENESIS = "0".repeat(64);

export interface Row {
  readonly seq: number;
  readonly at: number;
  readonly epoch: number;
  readonly type: string;
  readonly key: string;
  readonly sub: string;
  readonly text: string;
  readonly hash: string;
  /** What a decision was made from; null where there is none, undefined where it was not read. */
  readonly inputs?: string | null | undefined;
}

/** What every reader of rows asks for; `inputs` comes last and only where it is wanted. */
export const COLUMNS = "seq, at, epoch, type, key, sub, text, hash";

/** Stores rows, each as it is. */
export function rowWriter(db: DatabaseSync): (row: Row) => void {
  const insert = db.prepare(`INSERT INTO records (${COLUMNS}, inputs) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  return (row) => {
    insert.run(row.seq, row.at, row.epoch, row.type, row.key, row.sub, row.text, row.hash, row.inputs ?? null);
  };
}

export function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

/** Gives the draft its place in the chain. Inputs are hashed by themselves, so that a chain can be proven without reading them. */
export function seal(draft: RecordDraft, seq: number, previous: string): { readonly record: Record; readonly row: Row } {
  const { at, cluster, actor, policyHash, version, epoch, body } = draft;
  const unhashed = { seq, at, cluster, actor, policyHash, version, epoch, body, previous };
  const json = body.type === "incident" ? body.inputs?.json : undefined;
  const text = canonicalJson(json === undefined ? unhashed : { ...unhashed, body: { ...body, inputs: namedInputs(body, json) } });
  const hash = sha256(text);
  return { record: { ...unhashed, hash }, row: { seq, at, epoch, type: body.type, ...indexOf(body), text, hash, inputs: json ?? null } };
}

/** How the text of a record names its inputs. */
interface NamedInputs {
  readonly decisionHash: string;
  /** Missing where the inputs were too large to keep, and in schema 1. */
  readonly jsonHash?: string;
  /** The inputs themselves: schema 1 only. */
  readonly json?: string;
}

function namedInputs(body: RecordBody, json: string): NamedInputs {
  const decisionHash = body.type === "incident" ? (body.inputs?.decisionHash ?? "") : "";
  return { decisionHash, jsonHash: sha256(json) };
}

/** What a record is found by: `key` says about what it is, `sub` tells apart several that stay valid side by side. */
function indexOf(body: RecordBody): { readonly key: string; readonly sub: string } {
  switch (body.type) {
    case "incident":
      return { key: body.incident.id, sub: body.incident.phase };
    case "ticket":
      return { key: body.ticket.id, sub: body.ticket.status };
    case "act":
      return { key: body.incident, sub: body.attempt };
    case "known-good":
      return { key: refKey(body.known.ref), sub: sha256(canonicalJson(body.known.spec)) };
    case "version":
      return { key: body.component, sub: body.version };
    case "vetoed":
      return { key: refKey(body.owner), sub: "" };
    case "silenced":
      return { key: body.silence.id, sub: "" };
    case "unsilenced":
      return { key: body.id, sub: "" };
    default:
      return { key: "", sub: "" };
  }
}

/** Reads a row that has been proven with `rowDamage`: with its inputs where the row has been read with them. */
export function recordOf(row: Row): Record {
  const record = { ...(JSON.parse(row.text) as Omit<Record, "hash">), hash: row.hash };
  const named = namedIn(record);
  if (named === undefined || record.body.type !== "incident") return record;
  const json = row.inputs === undefined ? undefined : (row.inputs ?? named.json);
  return { ...record, body: { ...record.body, inputs: { json, decisionHash: named.decisionHash } } };
}

function namedIn({ body }: Pick<Record, "body">): NamedInputs | undefined {
  return body.type === "incident" ? (body.inputs as NamedInputs | undefined) : undefined;
}

/** Why the row is not what was once written; undefined when it is. `previous` is checked only where the record before it is known. */
export function rowDamage(row: Row, previous: string | undefined): string | undefined {
  if (sha256(row.text) !== row.hash) return "its text does not match its hash";
  const record = JSON.parse(row.text) as Omit<Record, "hash">;
  const index = indexOf(record.body);
  const same =
    record.seq === row.seq &&
    record.at === row.at &&
    record.epoch === row.epoch &&
    record.body.type === row.type &&
    index.key === row.key &&
    index.sub === row.sub;
  if (!same) return "its columns do not match its text";
  if (row.inputs !== undefined && namedIn(record)?.jsonHash !== (row.inputs === null ? undefined : sha256(row.inputs)))
    return "what its decision was made from does not match its text";
  if (previous !== undefined && record.previous !== previous) return "it does not continue the record before it";
  return undefined;
}
