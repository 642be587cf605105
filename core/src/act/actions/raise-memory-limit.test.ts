import { describe, expect, test } from "vitest";
import type { Quantities } from "../../model/kube.ts";
import { viewOf } from "../../testing/array-view.ts";
import { limitRange, node, quota, statefulSet } from "../../testing/more-objects.ts";
import { at, container, deployment, pod, ref, template, waiting } from "../../testing/objects.ts";
import { draftOf, reasonOf } from "../../testing/plans.ts";
import { raiseMemoryLimit } from "./raise-memory-limit.ts";

const MI = 2 ** 20;
const cart = ref("Deployment", "cart");
const app = (limits: Quantities, requests?: Quantities) => container({ resources: { limits, ...(requests === undefined ? {} : { requests }) } });
const cartWith = (...containers: ReturnType<typeof container>[]) =>
  deployment("cart", { metadata: { generation: 3 }, spec: { template: template({ containers }) } });
const small = cartWith(app({ memory: "64Mi", cpu: "1" }, { memory: "32Mi" }));
const killed = { container: "app", peakBytes: 64 * MI, killedAtLimit: true };

test("the limit becomes the peak times the factor, and nothing else changes", () => {
  const draft = draftOf(raiseMemoryLimit, cart, [small, node()], { params: { ...killed, factor: 1.25 } });
  expect(draft.diff).toEqual([{ path: "/spec/template/spec/containers/0/resources/limits/memory", before: "64Mi", after: "80Mi" }]);
  expect(draft.summary).toContain("from 64Mi to 80Mi: killed at its limit of 64Mi, x 1.25 = 80Mi");
});

test("odd peaks are rounded up to whole mebibytes", () => {
  const params = { container: "app", peakBytes: 61 * MI + 1, killedAtLimit: false };
  expect(draftOf(raiseMemoryLimit, cart, [small, node()], { params }).diff[0]?.after).toBe("92Mi");
});

test("a request that equals the limit goes up with it, so that the pod stays Guaranteed", () => {
  const guaranteed = cartWith(app({ memory: "64Mi" }, { memory: "65536Ki" }));
  const draft = draftOf(raiseMemoryLimit, cart, [guaranteed, node()], { params: killed });
  expect(draft.diff.map(({ path, after }) => [path.split("/resources/")[1], after])).toEqual([
    ["limits/memory", "96Mi"],
    ["requests/memory", "96Mi"],
  ]);
});

describe("caps", () => {
  const plan = (...others: Parameters<typeof draftOf>[2][number][]) => draftOf(raiseMemoryLimit, cart, [small, ...others], { params: killed });
  const nodeWith = (memory: string) => node("worker-1", { status: { allocatable: { memory } } });

  test("a node that takes no such pods does not count, however large", () => {
    const taint = { key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" };
    const closed = [node("control-plane", { spec: { taints: [taint] } }), node("cordoned", { spec: { unschedulable: true } })];
    expect(plan(nodeWith("80Mi"), ...closed).diff[0]?.after).toBe("80Mi");
  });

  test("the largest ready node", () => {
    expect(plan(nodeWith("80Mi"), node("down", { status: { conditions: [] } })).diff[0]?.after).toBe("80Mi");
  });

  test("the largest node less what the pod's other containers ask for", () => {
    const pair = cartWith(app({ memory: "64Mi" }, { memory: "32Mi" }), container({ name: "side", resources: { requests: { memory: "10Mi" } } }));
    const draft = draftOf(raiseMemoryLimit, cart, [pair, nodeWith("90Mi")], { params: killed });
    expect(draft.diff[0]?.after).toBe("80Mi");
    expect(draft.summary).toContain("worker-1 (90Mi allocatable, less 10Mi of its other containers)");
  });

  const rolled = (spec: object, ...containers: ReturnType<typeof container>[]) => {
    const made = cartWith(...containers);
    return { ...made, spec: { ...made.spec, ...spec } };
  };
  const capped = (workload: ReturnType<typeof rolled>, ...others: Parameters<typeof draftOf>[2][number][]) =>
    draftOf(raiseMemoryLimit, cart, [workload, node(), ...others], { params: killed });
  const limited = app({ memory: "64Mi", cpu: "1" }, { memory: "32Mi" });

  test("what is left of the quota, for every replica", () => {
    const draft = capped(rolled({ strategy: "Recreate" }, limited), quota("memory", { "limits.memory": "200Mi" }, { "limits.memory": "180Mi" }));
    expect(draft.diff[0]?.after).toBe("74Mi");
    expect(draft.summary).toContain("quota memory (20Mi of limits.memory left for 2 replicas)");
  });

  test("the quota must hold one pod more where no old one goes before a new one is ready", () => {
    const left = (free: string) => quota("memory", { "limits.memory": free }, { "limits.memory": "0" });
    const why = (spec: object, free: string) => reasonOf(raiseMemoryLimit, cart, [rolled(spec, limited), node(), left(free)], { params: killed });
    const after = (spec: object, free: string) => capped(rolled(spec, limited), left(free)).diff[0]?.after;
    // One replica: the new pod alone must fit into what is left.
    expect(after({ replicas: 1 }, "80Mi")).toBe("80Mi");
    expect(why({ replicas: 1 }, "20Mi")).toContain("20Mi of limits.memory left for 1 replicas, one more of them during the rollout");
    // Two: beside an old one and the first new one. 70 + 70 of 64 + 64 + 76.
    expect(after({ replicas: 2 }, "76Mi")).toBe("70Mi");
    expect(after({ replicas: 2, maxUnavailable: 1 }, "76Mi")).toBe("96Mi");
    // A quarter of four may be missing, unless it says otherwise.
    expect(after({ replicas: 4 }, "76Mi")).toBe("83Mi");
    expect(why({ replicas: 4, maxUnavailable: "10%" }, "76Mi")).toContain("one more of them");
    expect(why({ replicas: 4, maxUnavailable: 0 }, "76Mi")).toContain("one more of them");
  });

  test("the pod beside the old ones has all of its containers", () => {
    const side = container({ name: "side", resources: { limits: { memory: "30Mi" }, requests: { memory: "10Mi" } } });
    const left = quota("memory", { "limits.memory": "110Mi" }, { "limits.memory": "0" });
    expect(capped(rolled({ replicas: 1 }, limited, side), left).diff[0]?.after).toBe("80Mi");
  });

  test("a quota on requests counts where the request is raised too", () => {
    const full = quota("memory", { "requests.memory": "100Mi" }, { "requests.memory": "80Mi" });
    expect(capped(rolled({ strategy: "Recreate" }, app({ memory: "64Mi" })), full).diff[0]?.after).toBe("74Mi");
    expect(capped(rolled({ strategy: "Recreate" }, limited), full).diff[0]?.after).toBe("96Mi");
  });

  test("a LimitRange's ratio of limit to request, of the container and of its pod", () => {
    const ratio = (type: string, memory: string) => limitRange("ratio", [{ type, maxLimitRequestRatio: { memory } }]);
    const draft = plan(node(), ratio("Container", "2.5"));
    expect(draft.diff[0]?.after).toBe("80Mi");
    expect(draft.summary).toContain("LimitRange ratio (the limit at most 2.5 x the request of 32Mi a container)");
    const side = container({ name: "side", resources: { limits: { memory: "30Mi" }, requests: { memory: "20Mi" } } });
    expect(capped(rolled({}, limited, side), ratio("Pod", "2")).diff[0]?.after).toBe("74Mi");
    // A request that follows its limit keeps the ratio at one.
    expect(capped(rolled({}, app({ memory: "64Mi" })), ratio("Container", "1")).diff[0]?.after).toBe("96Mi");
  });

  test("a LimitRange", () => {
    expect(plan(node(), limitRange("limits", [{ type: "Container", max: { memory: "70Mi" } }])).diff[0]?.after).toBe("70Mi");
  });

  test("a cap that leaves next to nothing is told with its arithmetic", () => {
    expect(reasonOf(raiseMemoryLimit, cart, [small, nodeWith("66Mi")], { params: killed })).toBe(
      "killed at its limit of 64Mi, x 1.5 = 96Mi, but no more than 66Mi by the largest node that is open to it, worker-1 (66Mi allocatable); that is less than 1.05 x the present limit of 64Mi",
    );
  });

  test("a quota that cannot be seen is not an absent one", () => {
    const view = viewOf([small, node()], { health: { ResourceQuota: "forbidden" } });
    expect(raiseMemoryLimit.plan(cart, killed, { view, now: at(0) })).toEqual({
      type: "impossible",
      reason: "how far the limit may go is not known: ResourceQuotas are forbidden",
    });
  });
});

test("a peak well below the limit is no reason to raise it", () => {
  const params = { container: "app", peakBytes: 20 * MI, killedAtLimit: false };
  expect(reasonOf(raiseMemoryLimit, cart, [small, node()], { params })).toContain("less than 1.05 x the present limit");
});

test("a limit that was raised since the kill is not raised again", () => {
  const reason = reasonOf(raiseMemoryLimit, cart, [small, node()], { params: { ...killed, peakBytes: 48 * MI } });
  expect(reason).toContain("killed at 48Mi, and its limit has been raised to 64Mi since");
});

test("a StatefulSet's broken pod is deleted, so that it comes back with the new limit", () => {
  const set = statefulSet("store", { spec: { template: template({ containers: [app({ memory: "64Mi" })] }) } });
  const broken = pod("store-1", { ownedBy: set, statuses: [waiting("CrashLoopBackOff")] });
  expect(draftOf(raiseMemoryLimit, ref("StatefulSet", "store"), [set, broken, node()], { params: killed }).steps.map((step) => step.verb)).toEqual([
    "patch",
    "delete",
  ]);
});

test.each([
  ["a container without a limit", [cartWith(container()), node()], killed, "has no memory limit"],
  ["an unknown container", [small, node()], { ...killed, container: "other" }, "has no memory limit"],
  ["no ready node", [small], killed, "no node is open to it"],
  ["a Job", [], killed, "is gone or has no pod template"],
  ["a factor that would change nothing", [small, node()], { ...killed, factor: 1 }, "factor"],
] as const)("%s: nothing is planned", (_, objects, params, reason) => {
  expect(reasonOf(raiseMemoryLimit, cart, objects, { params })).toContain(reason);
});
