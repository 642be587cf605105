/** `--models FILE`: what it names, with the files that it names read or at least readable. */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseDuration } from "@kintsugi/core";
import type { KServeConfig } from "../adapters/kserve/client.ts";
import type { BuiltInConfig } from "../models/built-in.ts";
import { readModels, type ServedEntry } from "../models/models-file.ts";
import { CliError, EXIT } from "./exit.ts";
import { readInput } from "./input-file.ts";

export interface ModelConfigs {
  readonly builtIn: readonly BuiltInConfig[];
  readonly served: readonly KServeConfig[];
}

/** Paths in the file are relative to it. Throws CliError that lists every problem. */
export function modelsFrom(file: string): ModelConfigs {
  const read = readModels(readInput("the list of models", file));
  if (!read.ok) throw new CliError(EXIT.usage, read.problems.map((problem) => `${file}: ${problem}`).join("\n"));
  const beside = (path: string): string => resolve(dirname(file), path);
  const builtIn = read.models.flatMap((entry) =>
    "folder" in entry ? [{ name: entry.name, folder: beside(entry.folder), ...thresholdOf(entry.threshold) }] : [],
  );
  const served = read.models.flatMap((entry) => ("url" in entry ? [servedConfig(entry, beside)] : []));
  return { builtIn, served };
}

function thresholdOf(threshold: number | undefined): { readonly threshold?: number } {
  return threshold === undefined ? {} : { threshold };
}

function servedConfig({ name, url, protocol, servedAs, caFile, tokenFile, timeout }: ServedEntry, beside: (path: string) => string): KServeConfig {
  return {
    ...{ name, url: new URL(url), protocol, servedAs: servedAs ?? name, timeoutMs: parseDuration(timeout) ?? 0 },
    ...(caFile === undefined ? {} : { ca: readInput(`the certificate authorities of ${name}`, beside(caFile)) }),
    ...(tokenFile === undefined ? {} : { bearer: bearerFrom(`the token of ${name}`, beside(tokenFile)) }),
  };
}

/** Reads the file at once, so that a wrong name is told at the start, and again for each request, as tokens are renewed on the disk. */
export function bearerFrom(what: string, file: string): () => string {
  readInput(what, file);
  return () => readFileSync(file, "utf8");
}
