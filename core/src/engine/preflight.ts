/** What the cluster is asked about a plan before anything is decided. */
import type { Plan } from "../model/action.ts";
import type { Effect } from "../model/effect.ts";
import type { Outcome } from "../model/input.ts";
import { failureOf } from "../model/step.ts";
import type { ClusterPort } from "../ports/cluster.ts";

/** Permissions first: what may not be read is not read, and the answer is which permission is missing. Throws PortError. */
export async function preflight(cluster: ClusterPort, { plan, refs, permissions: needed, dryRun }: Extract<Effect, { type: "preflight" }>): Promise<Outcome> {
  const permissions = await Promise.all(needed.map(async (permission) => ({ permission, answer: await cluster.review(permission) })));
  const left = { answer: "not-asked", reason: "acting is off or not permitted" } as const;
  if (permissions.some(({ answer }) => answer === "denied")) return { type: "preflight", objects: [], permissions, dryRun: left };
  const objects = await Promise.all(
    refs.map(async (ref) => {
      const object = await cluster.read({ kind: ref.kind, namespace: ref.namespace, name: ref.name });
      return object === undefined ? { ref } : { ref, object };
    }),
  );
  const allowed = permissions.every(({ answer }) => answer === "allowed");
  return { type: "preflight", objects, permissions, dryRun: dryRun && allowed ? await tryFirst(cluster, plan) : left };
}

async function tryFirst(cluster: ClusterPort, plan: Plan): Promise<{ readonly answer: "accepted" | "refused" | "unknown"; readonly reason: string }> {
  // Later steps build on earlier ones, which a dry run does not leave behind: the first is what the server can judge.
  const first = plan.steps[0];
  if (first === undefined) return { answer: "accepted", reason: "no steps" };
  try {
    await cluster.apply(first, { dryRun: true });
    return { answer: "accepted", reason: "the API server would accept it" };
  } catch (error) {
    const failure = failureOf(error);
    const refused = failure.kind === "invalid" || failure.kind === "denied" || failure.kind === "throttled";
    return { answer: refused ? "refused" : "unknown", reason: `${failure.kind}: ${failure.message}` };
  }
}
