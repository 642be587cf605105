import { describe, expect, test } from "vitest";
import { viewOf } from "../testing/array-view.ts";
import { event } from "../testing/more-objects.ts";
import { meta, pod, unscheduledPod } from "../testing/objects.ts";
import { claimInMounting, claimInScheduling } from "./claim-trouble.ts";
import type { ClusterObject, PersistentVolumeClaim } from "./kube.ts";

const volumes = (...claims: string[]) => claims.map((claimName, i) => ({ name: `vol-${i}`, persistentVolumeClaim: { claimName } }));
const pvc = (name: string, phase: string, volumeName = ""): PersistentVolumeClaim => ({
  kind: "PersistentVolumeClaim",
  metadata: meta("PersistentVolumeClaim", name),
  spec: { volumeName },
  status: { phase },
});

describe("the scheduler", () => {
  const claim = (message: string, claims: readonly string[], objects: readonly ClusterObject[] = []) =>
    claimInScheduling(unscheduledPod("a", message, { spec: { volumes: volumes(...claims) } }), message, viewOf(objects));
  const TAINTED = "1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }";

  test.each([
    "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found",
    `0/3 nodes are available: ${TAINTED}, 2 node(s) had volume node affinity conflict.`,
    "0/3 nodes are available: 3 node(s) didn't match PersistentVolume's node affinity.",
    '0/3 nodes are available: persistentvolumeclaim "data" not found.',
    'persistentvolumeclaim "data" is being deleted',
  ])("%j is about the only claim", (message) => {
    expect(claim(message, ["data"])).toBe("data");
  });

  test("of several claims the unbound one is meant, or the one that is named", () => {
    const unbound = "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.";
    expect(claim(unbound, ["data", "logs"], [pvc("data", "Bound"), pvc("logs", "Pending")])).toBe("logs");
    expect(claim(unbound, ["data", "logs"], [pvc("data", "Bound")])).toBe("logs");
    expect(claim(unbound, ["data", "logs"], [])).toBeUndefined();
    expect(claim('persistentvolumeclaim "logs" not found', ["data", "logs"])).toBe("logs");
    expect(claim("3 node(s) had volume node affinity conflict", ["data", "logs"])).toBeUndefined();
  });

  test("a message with another reason beside it blames no claim, nor does one about room", () => {
    expect(claim("0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had volume node affinity conflict.", ["data"])).toBeUndefined();
    expect(claim("0/3 nodes are available: 3 Insufficient memory.", ["data"])).toBeUndefined();
    expect(claim('persistentvolumeclaim "of-somebody" not found', ["data"])).toBeUndefined();
  });
});

describe("the kubelet and the attach controller", () => {
  const stuck = (...claims: string[]) =>
    pod("a", { phase: "Pending", statuses: [], spec: { volumes: [...volumes(...claims), { name: "conf", configMap: { name: "conf" } }] } });
  const claim = (message: string, claims: readonly string[], objects: readonly ClusterObject[] = [], reason = "FailedMount") => {
    const one = stuck(...claims);
    return claimInMounting(one, viewOf([one, event(one, reason, message, 60), ...objects]))?.claim;
  };
  const MULTI = 'Multi-Attach error for volume "pv-7" Volume is already exclusively attached to one node and can\'t be attached to another';

  test("a PersistentVolume is the claim that it is bound to", () => {
    const objects = [pvc("data", "Bound", "pv-7"), pvc("logs", "Bound", "pv-8")];
    expect(claim(MULTI, ["data", "logs"], objects, "FailedAttachVolume")).toBe("data");
    expect(claim('MountVolume.SetUp failed for volume "pv-8" : rpc error: timeout', ["data", "logs"], objects)).toBe("logs");
    expect(claim(MULTI, ["data"], [], "FailedAttachVolume")).toBe("data");
    expect(claim(MULTI, ["data", "logs"], [], "FailedAttachVolume")).toBeUndefined();
  });

  test("what is still unmounted is named as in the pod", () => {
    const waits = (names: string) =>
      `Unable to attach or mount volumes: unmounted volumes=[${names}], unattached volumes=[], failed to process volumes=[]: timed out waiting for the condition`;
    expect(claim(waits("vol-1"), ["data", "logs"])).toBe("logs");
    expect(claim(waits("vol-0 vol-1"), ["data", "logs"])).toBeUndefined();
    expect(claim(waits("vol-0 conf"), ["data"])).toBeUndefined();
  });

  test("another volume's trouble, and another pod's past, are not the claim's", () => {
    expect(claim('MountVolume.SetUp failed for volume "conf" : configmap "conf" not found', ["data"])).toBeUndefined();
    expect(claim("pulling image", ["data"], [], "Pulling")).toBeUndefined();
    const one = { ...stuck("data"), status: { ...stuck("data").status, startTime: "2026-03-01T13:00:00Z" } };
    expect(claimInMounting(one, viewOf([one, event(one, "FailedAttachVolume", MULTI, 60)]))).toBeUndefined();
  });
});
