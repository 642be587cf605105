/** A process that opens a ledger, stores one record and prints how that went. */
import { draft, openIncident } from "../../testing/records.ts";
import { openSqliteLedger } from "../store.ts";

try {
  const ledger = openSqliteLedger({ file: process.argv[2] ?? "" });
  await ledger.append([draft(openIncident("inc-1"))]);
  await ledger.close();
  console.log("opened");
} catch (error) {
  console.log(error instanceof Error ? error.message : String(error));
}
