/** What the API server must allow before a plan is proposed, derived from the plan's own steps so that the two cannot differ. */
import { type Kind, RESOURCES } from "../model/ref.ts";
import { type Permission, type Step, stepRef } from "../model/step.ts";

/** A permission of an action whatever its target: namespace and name are empty. */
export function anyOf(kind: Kind, verb: Permission["verb"], subresource = ""): Permission {
  const { group, plural } = RESOURCES[kind];
  return { group, resource: plural, subresource, verb, namespace: "", name: "" };
}

/** Every permission that the steps need, on the exact objects; where several objects of a kind are meant, on any of that kind in the namespace. */
export function permissionsOf(steps: readonly Step[]): readonly Permission[] {
  const wanted = new Map<string, Permission>();
  for (const permission of steps.flatMap(needsOf)) {
    const key = `${permission.group}/${permission.resource}/${permission.subresource}/${permission.verb}/${permission.namespace}`;
    const other = wanted.get(key);
    wanted.set(key, other === undefined || other.name === permission.name ? permission : { ...permission, name: "" });
  }
  return [...wanted.values()];
}

function needsOf(step: Step): readonly Permission[] {
  const { kind, namespace, name } = stepRef(step);
  const on = (verb: Permission["verb"], subresource = ""): Permission => ({ ...anyOf(kind, verb, subresource), namespace, name });
  switch (step.verb) {
    case "patch":
      return [on("get"), on("patch")];
    case "delete":
      return [on("get"), on("delete")];
    case "evict":
      return [on("get"), on("create", "eviction")];
    case "create":
      // The name is not part of the request that creates, so RBAC cannot see it.
      return [on("get"), { ...on("create"), name: "" }];
  }
}
