/** What the API server has to allow: watching every kind that it serves, and where acts may run what actions declare. */
import { ACTIONS, KINDS, type Permission, RESOURCES, type View } from "@kintsugi/core";

export interface Needed {
  readonly permission: Permission;
  /** Without it a kind cannot be watched. */
  readonly critical: boolean;
}

export function neededPermissions(view: View, isActing: boolean): readonly Needed[] {
  const watching = KINDS.filter((kind) => view.health(kind) !== "not-served").flatMap((kind) => {
    const { group, plural } = RESOURCES[kind];
    return (["list", "watch"] as const).map((verb) => need({ group, resource: plural, subresource: "", verb }, true));
  });
  const logs = need({ group: "", resource: "pods", subresource: "log", verb: "get" }, false);
  const acting = isActing ? ACTIONS.flatMap(({ permissions }) => permissions.map((permission) => need(permission, false))) : [];
  // Several actions ask for the same.
  return [...new Map([...watching, logs, ...acting].map((one) => [JSON.stringify(one.permission), one])).values()];
}

function need({ group, resource, subresource, verb }: Pick<Permission, "group" | "resource" | "subresource" | "verb">, critical: boolean): Needed {
  return { permission: { group, resource, subresource, verb, namespace: "", name: "" }, critical };
}
