/** Looking records up by incident, type and time. */
import type { DatabaseSync } from "node:sqlite";
import type { LedgerQuery } from "../ledger.ts";
import { COLUMNS, type Row } from "./chain.ts";

/** Rows that match every given condition, in the order asked for. */
export function findRows(db: DatabaseSync, query: LedgerQuery): readonly Row[] {
  const where: string[] = [];
  const values: (string | number)[] = [];
  const add = (sql: string, ...given: readonly (string | number)[]): void => {
    where.push(sql);
    values.push(...given);
  };
  if (query.incident !== undefined) add("type IN ('incident', 'act', 'ticket') AND key = ?", query.incident);
  if (query.types !== undefined) add(`type IN (${query.types.map(() => "?").join(", ")})`, ...query.types);
  if (query.since !== undefined) add("at >= ?", query.since);
  if (query.until !== undefined) add("at < ?", query.until);
  if (query.afterSeq !== undefined) add("seq > ?", query.afterSeq);
  if (query.beforeSeq !== undefined) add("seq < ?", query.beforeSeq);
  const sql = `
    SELECT ${COLUMNS}${query.inputs === true ? ", inputs" : ""} FROM records
    ${where.length === 0 ? "" : `WHERE ${where.join(" AND ")}`}
    ORDER BY seq ${query.order === "oldest-first" ? "ASC" : "DESC"} LIMIT ?`;
  return db.prepare(sql).all(...values, query.limit) as unknown as Row[];
}
