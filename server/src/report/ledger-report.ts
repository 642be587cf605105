/** Reads what a report needs out of a ledger, page by page. */
import type { Ledger, LedgerQuery } from "../adapters/ledger.ts";
import { createReport, type Report, type ReportBuilder } from "./report.ts";

const PAGE = 500;

/** The report of `from` to `until`, ms. Throws what the ledger throws. */
export async function ledgerReport(ledger: Ledger, from: number, until: number): Promise<Report> {
  const builder = createReport(from, until);
  // Of the time before, only the specs that were good matter: what a person went back to.
  await feed(builder, ledger, { until: from, types: ["known-good"] });
  await feed(builder, ledger, { since: from, until });
  return builder.finish();
}

async function feed(builder: ReportBuilder, ledger: Ledger, query: Omit<LedgerQuery, "order" | "limit">): Promise<void> {
  for (let after = 0; ; ) {
    const page = await ledger.find({ ...query, afterSeq: after, order: "oldest-first", limit: PAGE });
    for (const record of page) builder.add(record);
    const last = page.at(-1);
    if (page.length < PAGE || last === undefined) return;
    after = last.seq;
  }
}
