/** ClusterRoles for people and assistants, made from what the API asks for: whoever binds them says who may do what, and where. */
import { API_GROUP, API_RESOURCES, type ApiResource, isReading, type Right, type VerbOf } from "./access/right.ts";

export const ROLES = {
  viewer: "sees incidents, plans, records and what is seen of the cluster",
  responder: "also works on incidents: proposes, denies, undoes, closes, silences, pauses",
  approver: "also lets things happen: approves plans, lifts silences, resumes",
  admin: "may do everything, the policy included",
  assistant: "what the owner of a credential for MCP needs: sees, reports, proposes, denies, undoes, pauses",
} as const;

export type RoleName = keyof typeof ROLES;

type Verbs = { readonly [R in ApiResource]?: readonly VerbOf<R>[] };

const RESPONDS: Verbs = {
  incidents: ["update"],
  tickets: ["create", "update"],
  remediations: ["create", "deny", "undo"],
  silences: ["create"],
  pauses: ["create"],
  models: ["create"],
};
const ASSISTS: Verbs = { tickets: ["create", "update"], remediations: ["create", "deny", "undo"], pauses: ["create"], models: ["create"] };
const LETS_HAPPEN: Verbs = { remediations: ["approve"], silences: ["delete"], pauses: ["delete"] };

const MORE: { readonly [role in RoleName]: readonly Verbs[] } = {
  viewer: [],
  responder: [RESPONDS],
  approver: [RESPONDS, LETS_HAPPEN],
  admin: [API_RESOURCES],
  assistant: [ASSISTS],
};

/** Whether the role holds the right, wherever it is bound. */
export function holds(role: RoleName, right: Pick<Right, "resource" | "verb">): boolean {
  if (isReading(right)) return true;
  return MORE[role].some((verbs) => (verbs[right.resource] as readonly string[] | undefined)?.includes(right.verb) === true);
}

type RoleManifest = {
  readonly apiVersion: string;
  readonly kind: "ClusterRole";
  readonly metadata: { readonly name: string; readonly annotations: { readonly [name: string]: string } };
  readonly rules: readonly { readonly apiGroups: readonly string[]; readonly resources: readonly string[]; readonly verbs: readonly string[] }[];
};

/** They give nobody anything until they are bound. */
export function peopleRoles(): readonly RoleManifest[] {
  return (Object.keys(ROLES) as RoleName[]).map((role) => ({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name: `kintsugi-${role}`, annotations: { [`${API_GROUP}/description`]: ROLES[role] } },
    rules: rulesOf(role),
  }));
}

/** Resources with the same verbs share a rule. */
function rulesOf(role: RoleName): RoleManifest["rules"] {
  const verbs = (Object.keys(API_RESOURCES) as ApiResource[]).map((resource) => ({
    resource,
    verbs: API_RESOURCES[resource].filter((verb) => holds(role, { resource, verb } as Right)),
  }));
  const groups = Map.groupBy(
    verbs.filter((one) => one.verbs.length > 0),
    (one) => one.verbs.join(),
  );
  return [...groups.values()].map((group) => ({ apiGroups: [API_GROUP], resources: group.map(({ resource }) => resource), verbs: group[0]?.verbs ?? [] }));
}
