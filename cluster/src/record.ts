import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Binaries } from "./build.ts";
import type { ClusterNetwork } from "./network.ts";
import type { Settings } from "./options.ts";
import type { ClusterPaths } from "./paths.ts";
import { isAlive, type ProcessIdentity } from "./process-identity.ts";

/** What is known about a cluster on disk; written by the start alone. Processes have a file each. */
export interface ClusterRecord {
  readonly settings: Settings;
  readonly phase: "starting" | "running";
  /** The process that starts or started the cluster. */
  readonly starter: ProcessIdentity;
  readonly cgroup: string;
  readonly binaries: Binaries;
  readonly network?: ClusterNetwork;
}

/** A record whose network is made: all that the parts of a cluster need to know. */
export type NetworkedRecord = ClusterRecord & { readonly network: ClusterNetwork };

export function writeRecord(paths: ClusterPaths, record: ClusterRecord): void {
  writeWhole(paths.record, record);
}

export function readRecord(paths: ClusterPaths): ClusterRecord | undefined {
  return existsSync(paths.record) ? (JSON.parse(readFileSync(paths.record, "utf8")) as ClusterRecord) : undefined;
}

export function writeProcess(paths: ClusterPaths, role: string, identity: ProcessIdentity): void {
  mkdirSync(paths.processes, { recursive: true });
  writeWhole(join(paths.processes, `${role}.json`), identity);
}

export function removeProcess(paths: ClusterPaths, role: string): void {
  rmSync(join(paths.processes, `${role}.json`), { force: true });
}

export function readProcess(paths: ClusterPaths, role: string): ProcessIdentity | undefined {
  const file = join(paths.processes, `${role}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as ProcessIdentity) : undefined;
}

/** Every recorded role and whether its process lives. */
export function recordedProcesses(paths: ClusterPaths): { role: string; alive: boolean }[] {
  if (!existsSync(paths.processes)) return [];
  const roles = readdirSync(paths.processes).filter((file) => file.endsWith(".json"));
  return roles
    .map((file) => file.slice(0, -".json".length))
    .sort()
    .map((role) => {
      const identity = readProcess(paths, role);
      return { role, alive: identity !== undefined && isAlive(identity) };
    });
}

/** Another process never sees half a file. */
function writeWhole(file: string, content: unknown): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(content, undefined, 2)}\n`);
  renameSync(draft, file);
}
