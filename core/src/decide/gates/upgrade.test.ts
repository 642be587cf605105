import { describe, expect, test } from "vitest";
import type { Node } from "../../model/kube.ts";
import { decideInput } from "../../testing/decide-input.ts";
import { node } from "../../testing/more-objects.ts";
import { at, condition, meta } from "../../testing/objects.ts";
import { upgrade } from "./upgrade.ts";

describe("OpenShift says so itself", () => {
  const version = (status: string) => ({
    kind: "ClusterVersion" as const,
    metadata: meta("ClusterVersion", "version"),
    status: { conditions: [condition("Progressing", status, { message: "Working towards 4.18.2" })] },
  });
  const pool = { kind: "MachineConfigPool" as const, metadata: meta("MachineConfigPool", "worker"), status: { conditions: [condition("Updating", "True")] } };

  test.each([
    ["True", "block"],
    ["Unknown", "unknown"],
    ["False", "pass"],
  ] as const)("Progressing %s", (status, answer) => {
    expect(upgrade.check(decideInput({ objects: [version(status)], health: { ClusterVersion: "live" } })).answer).toBe(answer);
  });

  test("a pool that is being updated", () => {
    expect(upgrade.check(decideInput({ objects: [pool], health: { MachineConfigPool: "live" } })).answer).toBe("block");
  });

  test.each(["forbidden", "stale", "unsynced"] as const)("a ClusterVersion that is %s is unknown, not absent", (health) => {
    expect(upgrade.check(decideInput({ health: { ClusterVersion: health } })).answer).toBe("unknown");
  });
});

describe("elsewhere", () => {
  const at_ = (name: string, kubeletVersion: string, unschedulable = false, labels: Record<string, string> = {}): Node =>
    node(name, { metadata: { labels }, spec: { unschedulable }, status: { kubeletVersion } });

  test("a version that has just changed", () => {
    expect(upgrade.check(decideInput({ versionChangedAt: at(500) }))).toMatchObject({ answer: "block", retryAt: at(500 + 1800) });
    expect(upgrade.check(decideInput({ versionChangedAt: at(500), now: at(2300) })).answer).toBe("pass");
  });

  test("kubelets of different minor versions while a node is cordoned", () => {
    const nodes = [at_("worker-1", "v1.34.4"), at_("worker-2", "v1.33.9", true)];
    expect(upgrade.check(decideInput({ objects: nodes }))).toMatchObject({ answer: "block", reason: expect.stringContaining("kubelets 1.33 and 1.34") });
  });

  test.each([
    ["none is cordoned", [at_("worker-1", "v1.34.4"), at_("worker-2", "v1.33.9")]],
    ["they differ only in the patch", [at_("worker-1", "v1.34.4"), at_("worker-2", "v1.34.2", true)]],
    ["the other version is of no kubelet", [at_("worker-1", "v1.34.4"), at_("virtual-1", "kwok-v0.7.0", true)]],
    ["they are of different pools", [at_("worker-1", "v1.34.4"), at_("gpu-1", "v1.33.9", true, { "node-role.kubernetes.io/gpu": "" })]],
  ])("it is no upgrade when %s", (_, nodes) => {
    expect(upgrade.check(decideInput({ objects: nodes })).answer).toBe("pass");
  });

  test("nodes that cannot be seen leave it unknown", () => {
    expect(upgrade.check(decideInput({ health: { Node: "forbidden" } })).answer).toBe("unknown");
  });
});
