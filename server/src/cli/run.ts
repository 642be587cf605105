/** Runs one command line and says how it ended. */
import { PortError } from "@kintsugi/core";
import { CommanderError } from "commander";
import { KubeconfigError } from "../adapters/kubernetes/index.ts";
import { LedgerDamagedError, LedgerLockedError, LedgerTooNewError } from "../adapters/ledger.ts";
import type { CliContext } from "./context.ts";
import { CliError, EXIT, type ExitCode } from "./exit.ts";
import { buildProgram } from "./program.ts";
import { printable } from "./terminal.ts";

/** `args` without the program's own name. Errors of the program itself are not caught: they end it with their stack. */
export async function run(args: readonly string[], context: CliContext): Promise<ExitCode> {
  try {
    await buildProgram(context).parseAsync([...args], { from: "user" });
    return EXIT.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const known = explained(error);
    if (known === undefined) throw error;
    if (known.message !== "") context.terminal.remark(context.terminal.colours.red(printable(known.message)));
    return known.code;
  }
}

function explained(error: unknown): { readonly code: ExitCode; readonly message: string } | undefined {
  if (error instanceof CliError) return error;
  if (error instanceof KubeconfigError) return { code: EXIT.usage, message: error.message };
  if (error instanceof LedgerDamagedError || error instanceof LedgerLockedError || error instanceof LedgerTooNewError)
    return { code: EXIT.failure, message: error.message };
  if (!(error instanceof PortError)) return undefined;
  const { kind, message } = error.failure;
  if (kind === "unavailable" || kind === "throttled" || kind === "uncertain") return { code: EXIT.unreachable, message };
  return { code: kind === "gone" ? EXIT.notFound : kind === "invalid" ? EXIT.usage : EXIT.refused, message };
}
