/** What would be planned and decided now, with the API server asked what may be done. Nothing is changed and nothing is written. */
import { type Incident, type Preview, permissionText } from "@kintsugi/core";
import { assumedFacts, withoutAssumed } from "../answers/proposal.ts";
import type { EngineFacade } from "../engine-facade.ts";

/** Undefined where nothing is to be planned: it has ended, is in flight, or is not in memory. */
export async function lookAhead(engine: EngineFacade, { id }: Pick<Incident, "id">): Promise<Preview | undefined> {
  const first = engine.preview(id);
  const plan = first?.next.plan;
  if (plan === undefined) return first;
  const permissions = await Promise.all(
    plan.permissions.map(async (permission) => ({ text: permissionText(permission), answer: await engine.cluster.review(permission) })),
  );
  const informed = engine.preview(id, { preflight: assumedFacts(plan, engine.status().now, permissions) });
  return informed === undefined ? first : withoutAssumed(informed);
}
