/** A process that repairs a ledger, unless it is killed before. */
import { repairLedger } from "../repair.ts";

await repairLedger(process.argv[2] ?? "", Number(process.argv[3]));
