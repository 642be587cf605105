/** Runs one command line and says how it ended. */
import { CommanderError } from "commander";
import type { CliContext } from "./context.ts";
import { EXIT, type ExitCode } from "./exit.ts";
import { explained } from "./explained.ts";
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
