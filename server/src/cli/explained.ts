/** Failures that people can do something about, each with its exit code. */
import { PortError } from "@kintsugi/core";
import { KubeconfigError } from "../adapters/kubernetes/index.ts";
import { LedgerDamagedError, LedgerLockedError, LedgerTooNewError } from "../adapters/ledger.ts";
import { CliError, EXIT, type ExitCode } from "./exit.ts";

/** Undefined for an error of the program itself. */
export function explained(error: unknown): { readonly code: ExitCode; readonly message: string } | undefined {
  if (error instanceof CliError) return error;
  if (error instanceof KubeconfigError) return { code: EXIT.usage, message: error.message };
  if (error instanceof LedgerDamagedError || error instanceof LedgerLockedError || error instanceof LedgerTooNewError)
    return { code: EXIT.failure, message: error.message };
  if (!(error instanceof PortError)) return undefined;
  const { kind, message } = error.failure;
  if (kind === "unavailable" || kind === "throttled" || kind === "uncertain") return { code: EXIT.unreachable, message };
  return { code: kind === "gone" ? EXIT.notFound : kind === "invalid" ? EXIT.usage : EXIT.refused, message };
}
