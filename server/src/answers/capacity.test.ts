import { viewOf } from "@kintsugi/core/testing/array-view";
import { namespaceObject, node, quota } from "@kintsugi/core/testing/more-objects";
import { container, EPOCH, pod, unscheduledPod } from "@kintsugi/core/testing/objects";
import { describe, expect, it } from "vitest";
import { clusterCapacity, namespaceCapacity } from "./capacity.ts";

const GI = 2 ** 30;
const asking = (name: string, namespace: string, cpu: string, memory: string) =>
  pod(name, { metadata: { namespace }, spec: { containers: [container({ resources: { requests: { cpu, memory } } })] } });
const CONTROL = node("master", { metadata: { labels: { "node-role.kubernetes.io/master": "" } } });
const ASKED = { namespace: "shop", window: "7d", trending: true, infrastructure: false, now: EPOCH };

describe("a namespace", () => {
  const objects = [node(), CONTROL, namespaceObject("shop"), asking("a", "shop", "500m", "1Gi"), asking("b", "bank", "2", "2Gi")];

  it("12.2 line 24: has what its quota leaves, and never more than workers have free; usage and trends are null with the reason", () => {
    const view = viewOf([...objects, quota("q", { cpu: "2", memory: "64Gi", pods: "3" }, { cpu: "500m", memory: "1Gi", pods: "1" })]);
    expect(namespaceCapacity(view, ASKED)).toMatchObject({
      quota: { cpu: 2, memory: 64 * GI, pod_count_limit: 3, has_quota: true, reason: null },
      current_usage: { cpu: null, memory: null, pod_count: 1, reason: expect.stringContaining("no metrics source") },
      requested: { cpu: 0.5, memory: GI, pod_count: 1 },
      available: { cpu: 1.5, memory: 5 * GI, pod_slots: 2, limited_by: ["quota", "nodes"] },
      ...{ trending: null, trending_reason: expect.stringContaining("no metrics source"), infrastructure_impact: null },
    });
  });

  it("12.2 line 24: without a quota has no limit of its own, and none is made up", () => {
    expect(namespaceCapacity(viewOf(objects), ASKED)).toMatchObject({
      quota: { cpu: null, memory: null, pod_count_limit: null, has_quota: false },
      available: { cpu: 1.5, memory: 5 * GI, pod_slots: 108, limited_by: ["nodes"] },
    });
  });

  it("12.2 line 24: whose quotas may not be read is not known, and not taken to have 4 cores", () => {
    expect(namespaceCapacity(viewOf(objects, { health: { ResourceQuota: "forbidden" } }), ASKED)).toMatchObject({
      quota: { cpu: null, memory: null, has_quota: null, reason: expect.stringContaining("forbidden") },
      available: { cpu: null, memory: null, pod_slots: null, limited_by: [] },
    });
  });

  it("12.1 line 14: says of the control plane only what is seen; etcd's fill is no number of objects by ten thousand", () => {
    const asked = { ...ASKED, infrastructure: true, trending: false };
    const view = viewOf([...objects, unscheduledPod("waits", "no room")]);
    expect(namespaceCapacity(view, asked)).toMatchObject({
      trending_reason: null,
      infrastructure_impact: {
        ...{ etcd_object_count: null, etcd_capacity_percent: null, api_server_qps: null, scheduler_queue_length: 1, control_plane_health: "healthy" },
        reason: expect.stringContaining("no metrics source"),
      },
    });
    expect(namespaceCapacity(viewOf([node()]), asked).infrastructure_impact).toMatchObject({ control_plane_health: null });
  });
});

describe("the cluster", () => {
  it("is its workers; namespaces of the system are left out, default is not", () => {
    const names = ["shop", "bank", "kube-system", "openshift-etcd", "default"].map((name) => namespaceObject(name));
    const found = clusterCapacity(
      viewOf([node(), node("worker-2"), CONTROL, ...names, asking("a", "shop", "2", "4Gi"), asking("b", "kube-system", "1", "1Gi")]),
      EPOCH,
    );
    expect(found).toMatchObject({
      cluster_capacity: { total_cpu: 8, total_memory: 16 * GI, allocatable_cpu: 8, allocatable_memory: 16 * GI, worker_count: 2, pod_slots: 220 },
      cluster_usage: { cpu: null, memory: null },
      cluster_requests: { cpu: 3, memory: 5 * GI, pod_count: 2, cpu_percent: 37.5, memory_percent: 31.3 },
    });
    expect(found?.namespaces.map(({ name }) => name)).toEqual(["bank", "default", "shop"]);
    expect(found?.namespaces.at(-1)).toEqual({
      name: "shop",
      cpu_percent: null,
      memory_percent: null,
      requested_cpu_percent: 25,
      requested_memory_percent: 25,
      pod_count: 1,
    });
  });

  it("cannot be counted while nodes are not seen", () => {
    expect(clusterCapacity(viewOf([], { health: { Node: "forbidden" } }), EPOCH)).toBeUndefined();
  });

  it("without a worker has no shares", () => {
    expect(clusterCapacity(viewOf([CONTROL]), EPOCH)?.cluster_requests).toMatchObject({ cpu: 0, cpu_percent: null });
  });
});
