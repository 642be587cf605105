import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type Binaries, build } from "./build.ts";
import { cgroupOf, createCgroups } from "./cgroups.ts";
import { ClusterError } from "./cluster-error.ts";
import { startControlPlane } from "./control-plane.ts";
import { down } from "./down.ts";
import { writeImages } from "./images.ts";
import { createNetwork } from "./network.ts";
import { realNodeNames, realNodes, startNode, waitForNodes } from "./node.ts";
import { type Settings, settingsOf, type UpOptions } from "./options.ts";
import { type ClusterPaths, clusterPaths } from "./paths.ts";
import { createPki } from "./pki.ts";
import { assertAbleMachine, assertNoCollision, assertShortPaths } from "./preflight.ts";
import { identityOf, isAlive } from "./process-identity.ts";
import { type ClusterRecord, type NetworkedRecord, readRecord, recordedProcesses, writeRecord } from "./record.ts";
import { startServiceProxy } from "./service-proxy.ts";
import { startVirtualNodes, virtualNodeNames } from "./virtual-nodes.ts";

type Log = (line: string) => void;

/** Starts a cluster and returns its name when every node is Ready; removes what it made if that fails. */
export async function startCluster(options: UpOptions): Promise<string> {
  const settings = settingsOf(options);
  const log = options.log ?? (() => {});
  const paths = clusterPaths(settings.name);
  assertAbleMachine();
  assertShortPaths(paths);
  await clearLeftovers(paths, settings.name, log);
  const binaries = await build(settings.kubernetesVersion, { log, signal: options.signal });
  options.signal?.throwIfAborted();
  const record = claim(paths, settings, binaries);
  try {
    await startParts(paths, record, log, options.signal);
  } catch (error) {
    log("the start failed; removing what it made");
    keepLogs(paths);
    await down(settings.name, log);
    throw failure(error, paths);
  }
  return settings.name;
}

async function startParts(paths: ClusterPaths, first: ClusterRecord, log: Log, signal?: AbortSignal): Promise<void> {
  const { settings } = first;
  const names = realNodeNames(settings.nodes);
  raiseInotifyLimit(log);
  createCgroups(first.cgroup, names);
  const network = await createNetwork(settings.name, settings.nodes, (tried) => writeRecord(paths, { ...first, network: tried }));
  const record: NetworkedRecord = { ...first, network };
  log(`network namespace ${network.namespace}, API server at https://${network.net.apiAddress}:6443`);
  await createPki(paths, network.net, realNodes(record));
  const images = await writeImages(paths);
  await startControlPlane(paths, record, signal);
  log(`control plane ${settings.kubernetesVersion} is ready`);
  if (settings.virtual > 0) await startVirtualNodes(paths, record);
  await Promise.all(realNodes(record).map((node) => startNode(paths, record, node, images)));
  await startServiceProxy(paths, record);
  await waitForNodes(paths, record, [...names, ...virtualNodeNames(settings.virtual)], signal);
  writeRecord(paths, { ...record, phase: "running" });
  log(`${settings.nodes} real and ${settings.virtual} virtual nodes are Ready`);
}

/** A folder without a living process is what a killed cluster left behind. */
async function clearLeftovers(paths: ClusterPaths, name: string, log: Log): Promise<void> {
  if (!existsSync(paths.root)) return;
  const record = readRecord(paths);
  const alive = recordedProcesses(paths).filter((process) => process.alive);
  if (record?.phase === "starting" && isAlive(record.starter)) {
    throw new ClusterError(`cluster ${name} is being started by process ${record.starter.pid} in ${paths.root}`);
  }
  if (record?.phase === "running" && alive.length > 0) {
    throw new ClusterError(`cluster ${name} runs already in ${paths.root} (${alive.length} processes): take it down first, or choose another name`);
  }
  log(`found what is left of a cluster ${name} in ${paths.root}; removing it first`);
  await down(name, log);
}

/** Making the folder is the lock: of two starts with one name, one fails here. */
function claim(paths: ClusterPaths, settings: Settings, binaries: Binaries): ClusterRecord {
  const starter = identityOf(process.pid);
  if (starter === undefined) throw new Error("this process is not in /proc");
  mkdirSync(paths.clusters, { recursive: true, mode: 0o700 });
  try {
    mkdirSync(paths.root, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw new ClusterError(`cluster ${settings.name} is being started by another process in ${paths.root}`);
  }
  try {
    assertNoCollision(settings.name);
  } catch (error) {
    rmSync(paths.root, { recursive: true });
    throw error;
  }
  mkdirSync(paths.logs);
  const record: ClusterRecord = { settings, binaries, starter, phase: "starting", cgroup: cgroupOf(settings.name) };
  writeRecord(paths, record);
  return record;
}

/** Each containerd, kubelet and pod wants a few; the kernel's 128 are for a whole machine. The limit stays raised. */
function raiseInotifyLimit(log: Log): void {
  const file = "/proc/sys/fs/inotify/max_user_instances";
  if (Number(readFileSync(file, "utf8")) >= 1024) return;
  writeFileSync(file, "1024");
  log("raised fs.inotify.max_user_instances to 1024");
}

function keepLogs(paths: ClusterPaths): void {
  rmSync(paths.failedLogs, { recursive: true, force: true });
  if (existsSync(paths.logs)) cpSync(paths.logs, paths.failedLogs, { recursive: true });
}

function failure(error: unknown, paths: ClusterPaths): unknown {
  if (!(error instanceof ClusterError)) return error;
  return new ClusterError(`${error.message.replaceAll(paths.logs, paths.failedLogs)}\n(logs: ${paths.failedLogs})`);
}
