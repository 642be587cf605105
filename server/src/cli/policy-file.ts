/** Policies from files, with problems that point at the line. */
import { ACTIONS, FAILURE_MODES, type Policy, type PolicyProblem, parsePolicy } from "@kintsugi/core";
import { CliError, EXIT } from "./exit.ts";
import { readInput } from "./input-file.ts";

export interface ReadPolicy {
  readonly policy: Policy;
  readonly warnings: readonly string[];
}

/** Throws CliError that lists every problem of the file as `file:line:column`. */
export function readPolicy(file: string): ReadPolicy {
  const text = readInput("the policy", file);
  const parsed = parsePolicy(text, { modes: FAILURE_MODES.map(({ id }) => id), actions: ACTIONS.map(({ id }) => id) });
  if (parsed.ok) return { policy: parsed.policy, warnings: parsed.warnings };
  throw new CliError(EXIT.usage, parsed.problems.map((problem) => problemText(file, problem)).join("\n"));
}

function problemText(file: string, { line, column, path, message, hint }: PolicyProblem): string {
  return `${file}:${line}:${column}: ${path === "" ? "" : `${path}: `}${message}; ${hint}`;
}
