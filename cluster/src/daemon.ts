import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { adopt } from "./cgroups.ts";
import { ClusterError } from "./cluster-error.ts";
import { namespacePath } from "./network.ts";
import type { ClusterPaths } from "./paths.ts";
import { identityOf, isAlive, type ProcessIdentity, signalProcess } from "./process-identity.ts";
import { type NetworkedRecord, readProcess, removeProcess, writeProcess } from "./record.ts";
import { waitUntil } from "./wait.ts";

/** A program that outlives the process which starts it. */
export interface Daemon {
  /** Names its record and its log. */
  readonly role: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Which namespaces it runs in: the cluster's network, or those of a node. */
  readonly enter: readonly string[];
}

/**
 * nsenter words for the cluster's network. `ip netns exec` would mount /sys anew, without the cgroups.
 */
export function clusterNamespace(record: NetworkedRecord): string[] {
  return [`--net=${namespacePath(record.network.namespace)}`];
}

const logPath = (paths: ClusterPaths, role: string): string => join(paths.logs, `${role}.log`);

export async function startDaemon(paths: ClusterPaths, record: NetworkedRecord, daemon: Daemon): Promise<ProcessIdentity> {
  mkdirSync(paths.logs, { recursive: true });
  const log = openSync(logPath(paths, daemon.role), "a");
  const child = spawn("nsenter", [...daemon.enter, "--", daemon.file, ...daemon.args], {
    detached: true,
    stdio: ["ignore", log, log],
    env: daemon.env ?? process.env,
    cwd: "/",
  });
  closeSync(log);
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
  child.unref();
  const identity = child.pid === undefined ? undefined : identityOf(child.pid);
  if (identity === undefined) throw deadDaemon(paths, daemon.role);
  writeProcess(paths, daemon.role, identity);
  adopt(record.cgroup, identity.pid);
  return identity;
}

/** Ends a recorded process: asks first, insists after the grace time. Does nothing when it is gone. */
export async function stopDaemon(paths: ClusterPaths, role: string, graceMs: number): Promise<void> {
  const identity = readProcess(paths, role);
  if (identity !== undefined && signalProcess(identity, "SIGTERM")) {
    const ended = () => !isAlive(identity);
    const gentle = waitUntil({ what: `${role} to end`, timeoutMs: graceMs, everyMs: 50 }, ended);
    if (!(await gentle.then(ended, ended))) {
      signalProcess(identity, "SIGKILL");
      await waitUntil({ what: `${role} to end after SIGKILL`, timeoutMs: 10_000, everyMs: 50 }, ended);
    }
  }
  removeProcess(paths, role);
}

/** Throws when the process has ended, with the end of its log: waiting for it longer would be in vain. */
export function assertRunning(paths: ClusterPaths, role: string): void {
  const identity = readProcess(paths, role);
  if (identity === undefined || !isAlive(identity)) throw deadDaemon(paths, role);
}

function deadDaemon(paths: ClusterPaths, role: string): ClusterError {
  return new ClusterError(`${role} ended right after its start; its log ends with:\n${lastLines(logPath(paths, role))}`);
}

function lastLines(file: string): string {
  try {
    return readFileSync(file, "utf8").trimEnd().split("\n").slice(-12).join("\n");
  } catch {
    return "(no log)";
  }
}
