/**
 * Starts a real Kubernetes for the tests here and takes it down afterwards, or hands over the cluster that
 * KINTSUGI_TEST_CONTEXT names in the user's kubeconfig. KUBECONFIG alone is ignored: no test may find a cluster by accident.
 *
 * Tests get KINTSUGI_CLUSTER_KUBECONFIG and, for our own cluster, KINTSUGI_CLUSTER_AUDIT_LOG and KINTSUGI_CLUSTER_NAME.
 * KINTSUGI_CLUSTER_NAME, where set before, names our own cluster, so that two runs on one machine do not meet.
 * KINTSUGI_TEST_IMAGE names the busybox that the stories run on a cluster of KINTSUGI_TEST_CONTEXT; `busybox:1.36` unless given.
 * KINTSUGI_KEEP_CLUSTER=1 leaves the cluster running, and uses the one that was left.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Cluster, ClusterError, down, open, up } from "../../cluster/src/index.ts";
import { keptTimes, timesTable } from "./harness/times.ts";

const log = (line: string): void => console.error(`cluster: ${line}`);

export default async function setup(): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), "kintsugi-test-cluster-"));
  const times = join(folder, "times.jsonl");
  process.env["KINTSUGI_STORY_TIMES"] = times;
  const release = await takeCluster(folder);
  return async () => {
    if (existsSync(times)) console.log(`\n${timesTable(keptTimes(times))}\n`);
    await release();
    rmSync(folder, { recursive: true, force: true });
  };
}

/** Returns what gives it back. */
async function takeCluster(folder: string): Promise<() => Promise<void>> {
  const context = process.env["KINTSUGI_TEST_CONTEXT"] ?? "";
  if (context !== "") {
    process.env["KINTSUGI_CLUSTER_KUBECONFIG"] = kubeconfigOf(context, folder);
    delete process.env["KINTSUGI_CLUSTER_AUDIT_LOG"];
    delete process.env["KINTSUGI_CLUSTER_NAME"];
    log(`tests run on the cluster of context ${context}`);
    return async () => {};
  }
  const name = process.env["KINTSUGI_CLUSTER_NAME"] || "kintsugi-test";
  const keep = process.env["KINTSUGI_KEEP_CLUSTER"] === "1";
  const cluster = (keep ? running(name) : undefined) ?? (await up({ name, nodes: 2, virtual: 3, log }));
  process.env["KINTSUGI_CLUSTER_KUBECONFIG"] = cluster.kubeconfigPath;
  process.env["KINTSUGI_CLUSTER_AUDIT_LOG"] = cluster.auditLogPath;
  process.env["KINTSUGI_CLUSTER_NAME"] = cluster.name;
  return keep ? async () => log(`${cluster.name} is left running: export KUBECONFIG=${cluster.kubeconfigPath}`) : () => down(cluster.name, log);
}

function running(name: string): Cluster | undefined {
  try {
    return open(name);
  } catch (error) {
    if (error instanceof ClusterError) return undefined;
    throw error;
  }
}

/** A kubeconfig that knows nothing but this context, so that no test can leave it. */
function kubeconfigOf(context: string, folder: string): string {
  const file = join(folder, "kubeconfig");
  const content = execFileSync("kubectl", ["config", "view", "--raw", "--minify", "--flatten", "--context", context]);
  writeFileSync(file, content, { mode: 0o600 });
  return file;
}
