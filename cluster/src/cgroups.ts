import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { waitUntil } from "./wait.ts";

/**
 * A cluster owns one cgroup per hierarchy: `system` below it holds the daemons, one more per node holds its pods.
 * A process inherits its cgroup, so the group finds every process of the cluster, however it was started.
 */
export const cgroupOf = (name: string): string => `kintsugi-${name}`;

export interface Hierarchies {
  /** Where groups are made: the v1 hierarchies, else the unified one. */
  readonly used: readonly string[];
  /** Where runc may have made groups as well: beside v1 hierarchies a unified one may be mounted. */
  readonly all: readonly string[];
}

/** Reads the mount points of cgroup hierarchies from the text of /proc/mounts. */
export function hierarchiesIn(mounts: string): Hierarchies {
  const rows = mounts.split("\n").map((line) => line.split(" "));
  const of = (type: string) => rows.filter((row) => row[2] === type).map((row) => row[1] ?? "");
  const v1 = of("cgroup");
  const v2 = of("cgroup2");
  return { used: v1.length > 0 ? v1 : v2, all: [...v1, ...v2] };
}

const hierarchies = (): Hierarchies => hierarchiesIn(readFileSync("/proc/mounts", "utf8"));

export function cgroupExists(group: string): boolean {
  return hierarchies().all.some((hierarchy) => existsSync(join(hierarchy, group)));
}

export function createCgroups(group: string, nodes: readonly string[]): void {
  for (const hierarchy of hierarchies().used) {
    for (const path of [group, `${group}/system`, ...nodes.map((node) => `${group}/${node}`)]) {
      const folder = join(hierarchy, path);
      mkdirSync(folder, { recursive: true });
      copyCpuset(folder);
    }
  }
}

/** Puts a daemon into the cluster's group; its limits stay those of the group it came from. */
export function adopt(group: string, pid: number): void {
  const folder = join(trackingHierarchy(), group, "system", "cgroup.procs");
  try {
    writeFileSync(folder, String(pid));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Kills every process of the group until none is left. */
export async function killAll(group: string): Promise<void> {
  await waitUntil({ what: `the processes of cgroup ${group} to end`, timeoutMs: 20_000, everyMs: 50 }, () => {
    const pids = hierarchies().all.flatMap((hierarchy) => pidsBelow(join(hierarchy, group)));
    for (const pid of new Set(pids)) killNow(pid);
    return pids.length === 0;
  });
}

export async function removeCgroups(group: string): Promise<void> {
  const roots = hierarchies().all.map((hierarchy) => join(hierarchy, group));
  await waitUntil({ what: `cgroup ${group} to be empty`, timeoutMs: 10_000, everyMs: 100 }, () => {
    for (const root of roots) removeTree(root);
    return !roots.some((root) => existsSync(root));
  });
}

/** v1 cpuset groups start without CPUs; nothing can join one until its parent's are copied. */
function copyCpuset(folder: string): void {
  for (const file of ["cpuset.cpus", "cpuset.mems"]) {
    const own = join(folder, file);
    if (!existsSync(own) || existsSync(join(folder, "cgroup.controllers"))) continue;
    writeFileSync(own, readFileSync(join(dirname(folder), file), "utf8").trim());
  }
}

function trackingHierarchy(): string {
  const { used } = hierarchies();
  const found = used.find((path) => basename(path) === "pids") ?? used[0];
  if (found === undefined) throw new Error("no cgroup hierarchy is mounted");
  return found;
}

function pidsBelow(folder: string): number[] {
  if (!existsSync(folder)) return [];
  const here = readOrEmpty(join(folder, "cgroup.procs")).split("\n").filter(Boolean).map(Number);
  // 0 stands for a process outside this pid namespace.
  return [...here, ...children(folder).flatMap(pidsBelow)].filter((pid) => pid > 0);
}

function removeTree(folder: string): void {
  if (!existsSync(folder)) return;
  for (const child of children(folder)) removeTree(child);
  try {
    rmdirSync(folder);
  } catch (error) {
    // Still busy for a moment after its last process ended; the caller asks again.
    if (!["EBUSY", "ENOENT", "ENOTEMPTY"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}

function children(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name));
  } catch {
    return [];
  }
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function killNow(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
