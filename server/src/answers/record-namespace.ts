/** Whose business a record is. */
import type { RecordBody } from "@kintsugi/core";

/** The namespace that a record is about; empty where it is about the cluster, or about more than one: only who may see all sees that. */
export function namespaceOfRecord(body: RecordBody): string {
  switch (body.type) {
    case "incident":
      return body.incident.subject.namespace;
    case "act":
      return body.target.namespace === body.owner.namespace ? body.target.namespace : "";
    case "silenced":
      return body.silence.namespace?.includes("*") === false ? body.silence.namespace : "";
    case "ticket":
      return body.ticket.namespace;
    case "vetoed":
      return body.owner.namespace;
    case "known-good":
      return body.known.ref.namespace;
    default:
      return "";
  }
}
