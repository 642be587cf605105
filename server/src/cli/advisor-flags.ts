/** `--advisor-...`: a model that may write about incidents. Off unless its address is given. */
import { parseDuration } from "@kintsugi/core";
import type { Command } from "commander";
import type { ChatOptions } from "../adapters/openai/chat.ts";
import { isLoopback } from "../models/models-file.ts";
import { CliError, EXIT } from "./exit.ts";
import { readInput } from "./input-file.ts";
import { bearerFrom } from "./models-flag.ts";

export interface AdvisorFlags {
  readonly advisorUrl?: string;
  readonly advisorModel?: string;
  readonly advisorKeyFile?: string;
  readonly advisorCaFile?: string;
  readonly advisorTimeout: string;
  readonly advisorPerHour: string;
  readonly advisorMaxTokens: string;
}

export interface AdvisorConfig extends ChatOptions {
  readonly perHour: number;
  /** Whether what it is told can be read on its way. */
  readonly isPlain: boolean;
}

export function withAdvisorFlags(command: Command): Command {
  return command
    .option("--advisor-url <url>", "an OpenAI-compatible address up to /v1: its model may write about incidents; default: none")
    .option("--advisor-model <name>", "the model that is asked there")
    .option("--advisor-key-file <file>", "its key, read for each question")
    .option("--advisor-ca-file <file>", "certificate authorities of its server, instead of those of this machine")
    .option("--advisor-timeout <duration>", "how long one answer may take", "20s")
    .option("--advisor-per-hour <count>", "how many questions may be asked in an hour", "30")
    .option("--advisor-max-tokens <count>", "how long one answer may be", "700");
}

/** Undefined when it is off. Throws CliError. */
export function advisorFrom(flags: AdvisorFlags): AdvisorConfig | undefined {
  const { advisorUrl, advisorModel, advisorKeyFile, advisorCaFile } = flags;
  if (advisorUrl === undefined) {
    if (advisorModel !== undefined || advisorKeyFile !== undefined || advisorCaFile !== undefined)
      throw usage("--advisor-url is missing: without it there is no advisor");
    return undefined;
  }
  if (advisorModel === undefined) throw usage("--advisor-model is missing: name the model that is asked");
  const url = addressOf(advisorUrl);
  const isPlain = url.protocol === "http:" && !isLoopback(url.hostname);
  if (isPlain && advisorKeyFile !== undefined) throw usage("--advisor-url is not encrypted, so the key could be read on its way: write https://");
  return {
    ...{ url, isPlain, model: advisorModel },
    timeoutMs: within("--advisor-timeout", parseDuration(flags.advisorTimeout), 1_000, 60_000, "a duration from 1s to 60s"),
    perHour: within("--advisor-per-hour", Number(flags.advisorPerHour), 1, 10_000, "a whole number from 1 to 10000"),
    maxTokens: within("--advisor-max-tokens", Number(flags.advisorMaxTokens), 50, 4_000, "a whole number from 50 to 4000"),
    ...(advisorCaFile === undefined ? {} : { ca: readInput("the certificate authorities of the advisor", advisorCaFile) }),
    ...(advisorKeyFile === undefined ? {} : { bearer: bearerFrom("the key of the advisor", advisorKeyFile) }),
  };
}

function addressOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw usage("--advisor-url is no address: write for example https://llm.example.org/v1");
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "")
    throw usage("--advisor-url may hold no user, password, query or fragment: put a key into a file and name it with --advisor-key-file");
  url.pathname = url.pathname.replace(/\/chat\/completions\/?$/, "");
  return url;
}

function within(flag: string, value: number | undefined, least: number, most: number, right: string): number {
  if (value === undefined || !Number.isInteger(value) || value < least || value > most) throw usage(`${flag} must be ${right}`);
  return value;
}

function usage(message: string): CliError {
  return new CliError(EXIT.usage, message);
}
