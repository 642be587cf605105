/** A process that appends until it is killed, printing each position only after the append has resolved. */
import { draft, openIncident } from "../../testing/records.ts";
import { openSqliteLedger } from "../store.ts";

const ledger = openSqliteLedger({ file: process.argv[2] ?? "" });
for (let i = 1; ; i++) {
  const records = await ledger.append([draft(openIncident(`inc-${i}`))]);
  process.stdout.write(`${records.at(-1)?.seq}\n`);
}
