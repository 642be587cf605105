import { expect, test } from "vitest";
import type { Plan } from "../model/action.ts";
import { type FailureKind, type Permission, PortError } from "../model/step.ts";
import type { ClusterPort, Reviewed } from "../ports/cluster.ts";
import { node } from "../testing/more-objects.ts";
import { preflight } from "./preflight.ts";

const patchNodes: Permission = { group: "", resource: "nodes", subresource: "", verb: "patch", namespace: "", name: "" };
const target = { kind: "Node", namespace: "", name: "worker-1", uid: "u" } as const;
const plan = { steps: [{ verb: "patch", target, patch: [] }] } as unknown as Plan;

/** A cluster that answers a review so, and a dry run with that failure, or accepts it. */
function ask(review: Reviewed, failure?: FailureKind) {
  const asked: string[] = [];
  const cluster = {
    review: async () => review,
    read: async () => {
      asked.push("read");
      return node("worker-1");
    },
    apply: async (_: unknown, { dryRun }: { readonly dryRun: boolean }) => {
      asked.push(dryRun ? "dry run" : "write");
      if (failure !== undefined) throw new PortError({ kind: failure, message: "why" });
      return undefined;
    },
  } as unknown as ClusterPort;
  const outcome = preflight(cluster, { type: "preflight", id: "1", plan, refs: [target], permissions: [patchNodes], dryRun: true });
  return { asked, outcome };
}

test.each([
  ["accepted", undefined],
  ["refused", "invalid"],
  ["refused", "denied"],
  ["refused", "throttled"],
  ["unknown", "unavailable"],
  ["unknown", "uncertain"],
] as const)("the dry run is %s when the API server answers %s", async (answer, failure) => {
  const { asked, outcome } = ask("allowed", failure);
  expect(await outcome).toMatchObject({ type: "preflight", objects: [{ ref: target, object: { kind: "Node" } }], dryRun: { answer } });
  expect(asked).toEqual(["read", "dry run"]);
});

test("without the permission nothing is read; when it is not known whether there is one, nothing is tried", async () => {
  const denied = ask("denied");
  expect(await denied.outcome).toMatchObject({ objects: [], permissions: [{ answer: "denied" }], dryRun: { answer: "not-asked" } });
  expect(denied.asked).toEqual([]);
  const unknown = ask("unknown");
  expect(await unknown.outcome).toMatchObject({ permissions: [{ answer: "unknown" }], dryRun: { answer: "not-asked" } });
  expect(unknown.asked).toEqual(["read"]);
});
