/** How the program ends: documented in `kintsugi --help`, relied on by scripts. */
export const EXIT = {
  ok: 0,
  /** It was tried and failed. */
  failure: 1,
  /** The command line, a file or a value in it is wrong. */
  usage: 2,
  /** There is no such incident, object or silence. */
  notFound: 3,
  /** The engine said no: its reasons are printed. */
  refused: 4,
  /** The API or the cluster cannot be reached. */
  unreachable: 5,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_HELP = `Exit codes: 0 done, 1 failed, 2 wrong usage or input, 3 not found, 4 refused by the engine, 5 unreachable`;

/** A mistake or a refusal to be shown as it is, without a stack. The message says what was wrong, where, and what would be right. */
export class CliError extends Error {
  readonly code: ExitCode;
  constructor(code: ExitCode, message: string) {
    super(message);
    this.name = "CliError";
    this.code = code;
  }
}
