import { viewOf } from "@kintsugi/core/testing/array-view";
import { node, quota } from "@kintsugi/core/testing/more-objects";
import { container, pod } from "@kintsugi/core/testing/objects";
import { expect, test } from "vitest";
import { fitting, quotaOf, requestedBy, sumOf, workersOf } from "./room.ts";

const GI = 2 ** 30;
const asking = (name: string, nodeName: string, cpu: string, memory: string, phase = "Running") =>
  pod(name, { phase, spec: { nodeName, containers: [container({ resources: { requests: { cpu, memory } } })] } });

test("of several quotas the one counts that leaves least, and requests.cpu is the same as cpu", () => {
  const view = viewOf([
    quota("wide", { cpu: "10", pods: "50" }, { cpu: "1", pods: "1" }),
    quota("tight", { "requests.cpu": "4", "requests.memory": "8Gi" }, { "requests.cpu": "3500m", "requests.memory": "1Gi" }),
    quota("elsewhere", { pods: "1" }, { pods: "1" }, { namespace: "bank" }),
  ]);
  expect(quotaOf(view, "shop")).toEqual({
    cpu: { hard: 4, used: 3.5, quota: "tight" },
    memory: { hard: 8 * GI, used: GI, quota: "tight" },
    pods: { hard: 50, used: 1, quota: "wide" },
  });
  expect(quotaOf(view, "nowhere")).toEqual({});
  expect(quotaOf(viewOf([], { health: { ResourceQuota: "forbidden" } }), "shop")).toBeUndefined();
});

test("workers are nodes without a control-plane role; cordoned, unready and tainted ones are closed", () => {
  const view = viewOf([
    node("master", { metadata: { labels: { "node-role.kubernetes.io/control-plane": "" } } }),
    node("worker-1"),
    node("cordoned", { spec: { unschedulable: true } }),
    node("tainted", { spec: { taints: [{ key: "gpu", effect: "NoSchedule" }] } }),
    node("preferred", { spec: { taints: [{ key: "slow", effect: "PreferNoSchedule" }] } }),
    asking("a", "worker-1", "1500m", "2Gi"),
    asking("done", "worker-1", "2", "2Gi", "Succeeded"),
  ]);
  const workers = workersOf(view)!;
  expect(workers.map(({ name, open }) => [name, open])).toEqual([
    ["worker-1", true],
    ["cordoned", false],
    ["tainted", false],
    ["preferred", true],
  ]);
  expect(workers[0]).toMatchObject({ allocatable: { cpu: 4, memory: 8 * GI, pods: 110 }, free: { cpu: 2.5, memory: 6 * GI, pods: 109 } });
  expect(workersOf(viewOf([], { health: { Pod: "stale" } }))).toBeUndefined();
});

test("finished pods ask for nothing", () => {
  expect(requestedBy([asking("a", "w", "250m", "1Gi"), asking("b", "w", "1", "1Gi", "Failed")])).toEqual({ cpu: 0.25, memory: GI, pods: 1 });
  expect(sumOf([])).toEqual({ cpu: 0, memory: 0, pods: 0 });
});

test("what fits is limited by the scarcest; what asks for nothing by slots alone; sums of thousandths are whole", () => {
  const room = { cpu: 1, memory: 4 * GI, pods: 20 };
  expect(fitting(room, { cpu: 0.1, memory: GI })).toBe(4);
  expect(fitting(room, { cpu: 0.1, memory: 0 })).toBe(10);
  expect(fitting(room, { cpu: 0, memory: 0 })).toBe(20);
  expect(fitting({ ...room, cpu: 0.1 + 0.2 }, { cpu: 0.1, memory: 0 })).toBe(3);
  expect(fitting(room, { cpu: 0.3, memory: GI }, ["cpu"])).toBe(3);
});

test("sums of cores are as people write them", () => {
  const pods = ["a", "b", "c"].map((name) => asking(name, "worker-1", "100m", "1Gi"));
  expect(requestedBy(pods).cpu).toBe(0.3);
  expect(sumOf([requestedBy(pods.slice(0, 1)), requestedBy(pods.slice(1))]).cpu).toBe(0.3);
});
