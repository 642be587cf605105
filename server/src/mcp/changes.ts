/** Which resources change with a record of the ledger. */
import type { ServerEvent } from "@modelcontextprotocol/server";

/** What is needed of a record: the engine's own, or one that came over the event stream. */
export interface RecordSeen {
  readonly body: { readonly type: string; readonly from?: unknown; readonly incident?: unknown };
}

const updated = (uri: string): ServerEvent => ({ kind: "resource_updated", uri });

/** Events in the order in which they are told. The list changes when an incident comes or ends. */
export function changesBy({ body }: RecordSeen): readonly ServerEvent[] {
  if (body.type === "act")
    return [updated("cluster://remediation-history"), ...(typeof body.incident === "string" ? [updated(`incident://${body.incident}`)] : [])];
  if (body.type !== "incident") return [];
  const { id, phase } = body.incident as { readonly id: string; readonly phase: string };
  const events = [updated(`incident://${id}`), updated("cluster://incidents"), updated("cluster://health")];
  const comesOrGoes = body.from === "-" || (body.from !== phase && (phase === "resolved" || body.from === "resolved"));
  if (phase !== body.from && body.from !== "-") events.push(updated("cluster://remediation-history"));
  return comesOrGoes ? [...events, { kind: "resources_list_changed" }] : events;
}
