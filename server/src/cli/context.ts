/** What every command is given, and the options that client commands share. */
import type { Command } from "commander";
import { Option } from "commander";
import type { Config } from "../config.ts";
import { ApiClient } from "./client.ts";
import { FORMATS, type Format } from "./output.ts";
import type { Terminal } from "./terminal.ts";

export interface CliContext {
  readonly config: Config;
  readonly terminal: Terminal;
  /** Wall clock, ms. */
  readonly now: () => number;
}

export interface ClientFlags {
  readonly server?: string;
  readonly tokenFile?: string;
  readonly output: Format;
}

/** Adds `-o`, `--server`, `--token-file`. */
export function asClient(command: Command): Command {
  return command
    .addOption(new Option("-o, --output <format>", "how to print").choices(FORMATS).default("table"))
    .option("--server <url>", "address of the API; default: the engine that runs here")
    .option("--token-file <file>", "file that holds the API's token; needed with --server; default: the one of the engine that runs here");
}

export function connect(context: CliContext, flags: ClientFlags): ApiClient {
  return ApiClient.find(context.config, flags);
}

/** Examples at the end of a command's help. */
export function examples(command: Command, ...lines: readonly string[]): Command {
  return command.addHelpText("after", `\nExamples:\n${lines.map((line) => `  ${line}`).join("\n")}`);
}
