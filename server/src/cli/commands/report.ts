/** `report`: from the running engine, or from a ledger file that nobody has open. */
import { parseDuration } from "@kintsugi/core";
import type { Command } from "commander";
import { openSqliteLedger } from "../../adapters/sqlite/store.ts";
import { Report as ReportShape } from "../../http/schemas.ts";
import { ledgerReport } from "../../report/ledger-report.ts";
import type { Report } from "../../report/report.ts";
import { asClient, type CliContext, type ClientFlags, connect, examples } from "../context.ts";
import { CliError, EXIT } from "../exit.ts";
import { show } from "../output.ts";
import { reportText } from "../render/report.ts";

export function reportCommand(program: Command, context: CliContext): void {
  const command = program
    .command("report")
    .description("per failure mode: how often it came, what would have been done, what people did and whether it was the same")
    .option("--since <duration>", "how far back", "7d")
    .option("--store <file>", "read this ledger instead of asking a running engine")
    .action(async (flags: ClientFlags & { readonly since: string; readonly store?: string }) => {
      const sinceMs = parseDuration(flags.since) ?? 0;
      if (sinceMs <= 0) throw new CliError(EXIT.usage, `--since ${flags.since} is not a duration: write for example 24h or 7d`);
      const report =
        flags.store === undefined
          ? await connect(context, flags).ask((api) => api.GET("/api/v2/report", { params: { query: { since: flags.since } } }), ReportShape)
          : await fromFile(flags.store, context.now() - sinceMs, context.now());
      show(context.terminal, flags.output, report, (value) => reportText(value, context.terminal));
    });
  examples(asClient(command), "kintsugi report --since 7d", "kintsugi report --since 30d -o json", "kintsugi report --store ./ledger.sqlite");
}

async function fromFile(file: string, from: number, until: number): Promise<Report> {
  const ledger = openSqliteLedger({ file, create: false });
  try {
    return await ledgerReport(ledger, from, until);
  } finally {
    await ledger.close();
  }
}
