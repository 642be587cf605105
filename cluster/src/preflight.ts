import { accessSync, constants, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cgroupExists, cgroupOf } from "./cgroups.ts";
import { ClusterError } from "./cluster-error.ts";
import { busyboxProgram } from "./images.ts";
import { namespaceExists, namespaceOf } from "./network.ts";
import { cniPlugins } from "./node-config.ts";
import { type ClusterPaths, installScript, nodePaths } from "./paths.ts";

const programs = ["ip", "iptables", "nsenter", "unshare", "mount", "openssl", "containerd", "ctr", "runc"];
const capabilities = { CAP_NET_ADMIN: 12, CAP_SYS_CHROOT: 18, CAP_SYS_PTRACE: 19, CAP_SYS_ADMIN: 21, CAP_MKNOD: 27 };

/** Refuses a machine that lacks something, before anything is made. */
export function assertAbleMachine(): void {
  if (process.platform !== "linux") throw new ClusterError(`a cluster needs Linux; this is ${process.platform}`);
  if (process.getuid?.() !== 0) throw new ClusterError("a cluster needs root for namespaces and cgroups; run as root");
  const missing = missingCapabilities(readFileSync("/proc/self/status", "utf8"));
  if (missing.length > 0) {
    throw new ClusterError(`root lacks ${missing.join(", ")} here; give this container those, or use a real machine`);
  }
  const absent = [
    ...programs.filter((program) => !onPath(program)),
    ...[busyboxProgram, join(cniPlugins, "bridge"), join(cniPlugins, "host-local")].filter((file) => !runnable(file)),
  ];
  if (absent.length > 0) throw new ClusterError(`missing: ${absent.join(", ")}; ${installScript} installs them on Debian`);
}

/** A socket's path has room for 107 bytes; containerd makes the longest. */
export function assertShortPaths(paths: ClusterPaths): void {
  const longest = `${nodePaths(paths, "node-0").socket}.ttrpc`;
  if (Buffer.byteLength(longest) <= 107) return;
  throw new ClusterError(`the path of a socket would be longer than 107 bytes: ${longest}; choose a shorter --name or XDG_STATE_HOME`);
}

/** Refuses to share with something that is not this cluster; called before its record is written. */
export function assertNoCollision(name: string): void {
  const namespace = namespaceOf(name);
  if (namespaceExists(namespace)) {
    throw new ClusterError(
      `network namespace ${namespace} exists, but no record of a cluster ${name}: choose another --name, or, if nothing uses it, ip netns delete ${namespace}`,
    );
  }
  const cgroup = cgroupOf(name);
  if (cgroupExists(cgroup)) {
    throw new ClusterError(`cgroup /${cgroup} exists, but no record of a cluster ${name}: choose another --name, or, if it is empty, remove it`);
  }
  const foreign = foreignKubelets();
  if (foreign.length > 0) {
    throw new ClusterError(`a kubelet that belongs to no cluster of ours runs here (pid ${foreign.join(", ")}): this machine is a node already; use another`);
  }
}

/** Capabilities that /proc/PID/status does not list as effective. */
export function missingCapabilities(status: string): string[] {
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0"}`);
  return Object.entries(capabilities)
    .filter(([, bit]) => ((effective >> BigInt(bit)) & 1n) === 0n)
    .map(([name]) => name);
}

function foreignKubelets(): string[] {
  return readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid) && fileOf(pid, "comm").trim() === "kubelet")
    .filter((pid) => !fileOf(pid, "cgroup").includes(`:/${cgroupOf("")}`));
}

function fileOf(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}

function onPath(program: string): boolean {
  return (process.env["PATH"] ?? "").split(":").some((folder) => folder !== "" && runnable(join(folder, program)));
}

function runnable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
