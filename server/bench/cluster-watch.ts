/**
 * How much a large cluster costs the adapter: time to list it, memory to hold it, delay of a change, with the server in another process.
 * `node --expose-gc server/bench/cluster-watch.ts [NODES PODS CHANGES_PER_SECOND]`
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClusterObject, refKey, refOf } from "@kintsugi/core";
import { createKubernetes } from "../src/adapters/kubernetes/index.ts";
import { kubeconfigFor } from "../src/adapters/kubernetes/testing/kubeconfig-file.ts";

const [nodes = "5000", pods = "150000", rate = "1000"] = process.argv.slice(2);
const MEASURED_MS = 10_000;

const child = spawn(process.execPath, [join(import.meta.dirname, "generated-api-server.ts"), nodes, pods, rate], { stdio: ["ignore", "pipe", "inherit"] });
const port = await new Promise<string>((resolve) => child.stdout.once("data", (data: Buffer) => resolve(data.toString("utf8").trim())));
const folder = mkdtempSync(join(tmpdir(), "kintsugi-bench-"));
const config = join(folder, "config");
writeFileSync(config, kubeconfigFor(`http://127.0.0.1:${port}`));
const kubernetes = createKubernetes({
  source: { type: "kubeconfig", paths: [config] },
  identity: "bench",
  random: Math.random,
  now: Date.now,
  monotonic: () => performance.now(),
});

const held = new Map<string, ClusterObject>();
const delays: number[] = [];
const megabytes = (): { rss: number; heap: number } => {
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  return { rss: Math.round(rss / 1e6), heap: Math.round(heapUsed / 1e6) };
};
const before = megabytes();
const start = performance.now();
const live = Promise.withResolvers<void>();
const stop = kubernetes.cluster.watch((batch) => {
  for (const observation of batch) {
    if (observation.type === "listed") for (const object of observation.objects) held.set(refKey(refOf(object)), object);
    else if (observation.type === "object") {
      held.set(refKey(refOf(observation.object)), observation.object);
      delays.push(Date.now() - Number(observation.object.metadata.annotations["sentAt"]));
    } else if (observation.type === "health" && observation.kind === "Pod" && observation.health === "live") live.resolve();
  }
});
await live.promise;
const listed = (performance.now() - start) / 1000;
const cpuBefore = process.cpuUsage();
const peak = process.resourceUsage().maxRSS / 1000;
await new Promise((resolve) => setTimeout(resolve, MEASURED_MS));
const cpu = process.cpuUsage(cpuBefore);
delays.sort((a, b) => a - b);
const quantile = (q: number): number => delays[Math.floor(delays.length * q)] ?? Number.NaN;
const after = megabytes();
console.log(`${held.size} objects listed in ${listed.toFixed(1)} s (${Math.round(held.size / listed)} a second)`);
console.log(`memory: heap ${after.heap} MB (${before.heap} before), resident ${after.rss} MB, peak while listing ${Math.round(peak)} MB`);
console.log(
  `${Math.round(delays.length / (MEASURED_MS / 1000))} changes a second, delay p50 ${quantile(0.5)} ms, p99 ${quantile(0.99)} ms, ${Math.round((cpu.user + cpu.system) / (MEASURED_MS * 10))} % of a core`,
);
stop();
await kubernetes.close();
child.kill();
rmSync(folder, { recursive: true, force: true });
