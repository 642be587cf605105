import type { Node } from "../../model/kube.ts";
import { touchedBy } from "../chain.ts";
import { block, type Gate, notApplicable, pass, unknown } from "../gate.ts";
import type { DecideInput } from "../input.ts";
import { poolOf, poolText } from "../pools.ts";

/**
 * Nodes one at a time, and never more of a pool out of use than its share, cordons counted (but at least one, or small pools could never be
 * helped). A node that the plan gives back does not count; the other cordoned ones do: many cordons are somebody's maintenance.
 */
export const nodeLimits: Gate = {
  id: "node-limits",
  check: (input) => {
    const nodes = touchedBy(input.plan).filter((ref) => ref.kind === "Node");
    const first = nodes[0];
    if (first === undefined) return notApplicable("no node is touched");
    const { limits } = input.policy.spec;
    const busy = busyNodes(input);
    if (busy.length + nodes.length > limits.nodesAtOnce) {
      return block(`${limits.nodesAtOnce} node at once is allowed${busy.length === 0 ? "" : `, and ${busy.join(", ")} is being acted on`}`);
    }
    const node = input.view.find(first);
    if (node?.kind !== "Node") return unknown(`Node ${first.name} is not seen`);
    const pool = input.view.all("Node").filter((other) => poolOf(other) === poolOf(node));
    const out = outAfter(input, pool);
    const allowed = Math.max(1, Math.floor(pool.length * limits.nodeShareOfPool));
    const text = `${out.length} of ${pool.length} nodes of ${poolText(poolOf(node))} would be out of use, ${allowed} may`;
    return out.length <= allowed ? pass(text) : block(`${text}: ${out.join(", ")}`);
  },
};

function busyNodes({ inFlight, incident }: DecideInput): readonly string[] {
  const acts = inFlight.filter((act) => act.incident !== incident.id && act.target.kind === "Node");
  return [...new Set(acts.map((act) => act.target.name))].sort();
}

function outAfter(input: DecideInput, pool: readonly Node[]): readonly string[] {
  const back = new Set(input.plan.steps.flatMap((step) => (step.verb === "patch" && givesBack(step.patch) ? [step.target.name] : [])));
  const taken = new Set(
    touchedBy(input.plan)
      .filter((ref) => ref.kind === "Node" && !back.has(ref.name))
      .map((ref) => ref.name),
  );
  return pool.flatMap(({ metadata, spec }) => (taken.has(metadata.name) || (spec.unschedulable && !back.has(metadata.name)) ? [metadata.name] : []));
}

function givesBack(patch: readonly { readonly op: string; readonly path: string; readonly value?: unknown }[]): boolean {
  return patch.some(({ op, path, value }) => path === "/spec/unschedulable" && (op === "remove" || (op === "replace" && value === false)));
}
