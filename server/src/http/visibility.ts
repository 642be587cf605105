/** Lists show a caller the namespaces in which they have the right, and no others. */
import type { FastifyRequest } from "fastify";
import type { Right } from "../access/right.ts";
import type { ApiContext } from "./context.ts";
import { callerOf } from "./guard.ts";
import { visibleNamespaces } from "./rights.ts";

/** Of these items those that may be seen; `namespaceOf` is `""` for what has no namespace. */
export async function visible<T>(
  { access }: Pick<ApiContext, "access">,
  request: FastifyRequest,
  right: Omit<Right, "namespace">,
  items: readonly T[],
  namespaceOf: (item: T) => string,
): Promise<readonly T[]> {
  const seen = await visibleNamespaces(access, callerOf(request), right, items.map(namespaceOf));
  return items.filter((item) => seen.has(namespaceOf(item)));
}

/** The same question for items that come one by one. */
export function mayShow(
  { access }: Pick<ApiContext, "access">,
  request: FastifyRequest,
  right: Omit<Right, "namespace">,
): (namespace: string) => Promise<boolean> {
  const known = new Map<string, Promise<boolean>>();
  return (namespace) => {
    const answer = known.get(namespace) ?? visibleNamespaces(access, callerOf(request), right, [namespace]).then((seen) => seen.has(namespace));
    known.set(namespace, answer);
    return answer;
  };
}
