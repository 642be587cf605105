/** Of records those that a caller may list: all with the right in the whole cluster, else those of the namespaces where they have it. */
import type { Record } from "@kintsugi/core";
import type { Access } from "../access/access.ts";
import type { Caller } from "../access/caller.ts";
import { namespaceOfRecord } from "../answers/record-namespace.ts";
import { visibleNamespaces } from "./rights.ts";

/** Asked anew for each page, so that a right that was taken away ends what it showed. */
export async function visibleRecords(access: Pick<Access, "may">, caller: Caller, records: readonly Record[]): Promise<readonly Record[]> {
  const namespaces = records.map(({ body }) => namespaceOfRecord(body));
  const visible = await visibleNamespaces(access, caller, { resource: "records", verb: "list" }, namespaces);
  return records.filter((_, index) => visible.has(namespaces[index] ?? ""));
}
