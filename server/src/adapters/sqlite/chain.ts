/** The hash chain: how a draft becomes a row, and how rows are proven to be as they were written. */
import { createHash } from "node:crypto";
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
}

export function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

/** Gives the draft its place in the chain. */
export function seal(draft: RecordDraft, seq: number, previous: string): { readonly record: Record; readonly row: Row } {
  const { at, cluster, actor, policyHash, version, epoch, body } = draft;
  const unhashed = { seq, at, cluster, actor, policyHash, version, epoch, body, previous };
  const text = canonicalJson(unhashed);
  const hash = sha256(text);
  return { record: { ...unhashed, hash }, row: { seq, at, epoch, type: body.type, ...indexOf(body), text, hash } };
}

/** What a record is found by: `key` says about what it is, `sub` tells apart several that stay valid side by side. */
function indexOf(body: RecordBody): { readonly key: string; readonly sub: string } {
  switch (body.type) {
    case "incident":
      return { key: body.incident.id, sub: body.incident.phase };
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

/** Reads a row that has been proven with `rowDamage`. */
export function recordOf(row: Row): Record {
  return { ...(JSON.parse(row.text) as Omit<Record, "hash">), hash: row.hash };
}

/** Why the row is not what was once written; undefined when it is. `previous` is checked only where the record before it is known. */
export function rowDamage(row: Row, previous: string | undefined): string | undefined {
  if (sha256(row.text) !== row.hash) return "its text does not match its hash";
  const record = recordOf(row);
  const index = indexOf(record.body);
  const same =
    record.seq === row.seq &&
    record.at === row.at &&
    record.epoch === row.epoch &&
    record.body.type === row.type &&
    index.key === row.key &&
    index.sub === row.sub;
  if (!same) return "its columns do not match its text";
  if (previous !== undefined && record.previous !== previous) return "it does not continue the record before it";
  return undefined;
}
