/** Where a policy that is put through the API stays, so that the next start finds it. */
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { DEFAULT_POLICY, type Policy, PortError } from "@kintsugi/core";
import { readPolicy } from "./cli/policy-file.ts";
import { makePrivateFolder } from "./private-folder.ts";

/** A document that is safely written and does not count yet. */
export interface Prepared {
  /** Puts it in the place of the one before. */
  commit(): void;
  drop(): void;
}

export interface PolicyKeeping {
  /** The file that owns the policy: it is changed there, and not through the API. */
  readonly ownedBy?: string;
  /** Throws PortError where it cannot be written. */
  prepare(document: string): Prepared;
}

/** For an engine that ends with its process, as the demo's: what is put through the API counts until then. */
export const NOT_KEPT: PolicyKeeping = { prepare: () => ({ commit: () => undefined, drop: () => undefined }) };

export interface StartingPolicy {
  readonly policy: Policy;
  readonly keeping: PolicyKeeping;
}

/**
 * The policy to start with: of the file that was named, else the one that was put through the API (`kept`), else the default. `tell`: where it is from, where
 * that is not what was asked for. Throws CliError where the kept one cannot be read: starting without it could allow what it forbids.
 */
export function startingPolicy(named: { readonly file?: string; readonly policy: Policy }, kept: string, tell: (text: string) => void): StartingPolicy {
  const isKept = existsSync(kept);
  if (named.file !== undefined) {
    if (isKept) tell(`the policy is that of ${named.file}; the one in ${kept}, which was put through the API, does not count`);
    return { policy: named.policy, keeping: { ...keptIn(kept), ownedBy: named.file } };
  }
  if (!isKept) return { policy: DEFAULT_POLICY, keeping: keptIn(kept) };
  const { policy, warnings } = readPolicy(kept);
  tell(`the policy is the one that was put through the API: ${policy.name}, from ${kept}`);
  for (const warning of warnings) tell(`${kept}: ${warning}`);
  return { policy, keeping: keptIn(kept) };
}

function keptIn(file: string): PolicyKeeping {
  return {
    prepare: (document) => {
      const fresh = `${file}.${process.pid}`;
      try {
        writeWhole(fresh, document);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new PortError({ kind: "unavailable", message: `${file} cannot be written (${why}), so nothing was changed` });
      }
      return { commit: () => renameSync(fresh, file), drop: () => rmSync(fresh, { force: true }) };
    },
  };
}

function writeWhole(file: string, text: string): void {
  makePrivateFolder(dirname(file));
  // Its name can be foretold: what lies there, or where it leads to, is not written to.
  rmSync(file, { force: true });
  const handle = openSync(file, "wx", 0o600);
  let isWhole = false;
  try {
    writeSync(handle, text);
    fsyncSync(handle);
    isWhole = true;
  } finally {
    closeSync(handle);
    if (!isWhole) rmSync(file, { force: true });
  }
}
