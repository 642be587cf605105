/** The rights that an engine needs, made from what it watches and from what the actions declare: nothing more is asked for. */
import { ACTIONS, apiVersion, KINDS, OWN_NAMESPACE, type Permission, RESOURCES } from "@kintsugi/core";
import { peopleRoles } from "./people-roles.ts";

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [field: string]: unknown;
}

const NAME = "kintsugi";

/** Namespace, ServiceAccount and roles for an engine that only looks, or with `act` for one that may carry out every action; and the roles of people. */
export function rbacManifests({ act }: { readonly act: boolean }): readonly Manifest[] {
  const subject = [{ kind: "ServiceAccount", name: NAME, namespace: OWN_NAMESPACE }];
  const clusterRole = (name: string, rules: readonly Rule[]): readonly Manifest[] => [
    { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name }, rules },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
      subjects: subject,
    },
  ];
  return [
    { apiVersion: apiVersion("Namespace"), kind: "Namespace", metadata: { name: OWN_NAMESPACE } },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: NAME, namespace: OWN_NAMESPACE } },
    ...clusterRole("kintsugi-observe", watchRules()),
    ...clusterRole("kintsugi-access", accessRules()),
    ...(act ? [...clusterRole("kintsugi-act", actRules()), ...leaseRole(subject)] : []),
    ...peopleRoles(),
  ];
}

/** To ask who stands behind a token, and what they may. */
function accessRules(): readonly Rule[] {
  return [
    { apiGroups: ["authentication.k8s.io"], resources: ["tokenreviews"], verbs: ["create"] },
    { apiGroups: ["authorization.k8s.io"], resources: ["subjectaccessreviews"], verbs: ["create"] },
  ];
}

function watchRules(): readonly Rule[] {
  const byGroup = Map.groupBy(KINDS, (kind) => RESOURCES[kind].group);
  const rules = [...byGroup].map(([group, kinds]) => ({
    apiGroups: [group],
    resources: kinds.map((kind) => RESOURCES[kind].plural),
    verbs: ["get", "list", "watch"],
  }));
  return [...rules, { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] }];
}

function actRules(): readonly Rule[] {
  const verbs = new Map<string, Set<string>>();
  for (const permission of ACTIONS.flatMap((action) => action.permissions)) {
    const key = keyOf(permission);
    verbs.set(key, (verbs.get(key) ?? new Set()).add(permission.verb));
  }
  const rules = [...verbs]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, set]) => {
      const [group = "", resource = ""] = key.split("|");
      return { apiGroups: [group], resources: [resource], verbs: [...set].toSorted() };
    });
  return [...rules, { apiGroups: ["", "events.k8s.io"], resources: ["events"], verbs: ["create", "patch"] }];
}

function keyOf({ group, resource, subresource }: Permission): string {
  return `${group}|${subresource === "" ? resource : `${resource}/${subresource}`}`;
}

/** The Lease lives in our own namespace, so the right to it does too. */
function leaseRole(subjects: readonly object[]): readonly Manifest[] {
  const metadata = { name: "kintsugi-lease", namespace: OWN_NAMESPACE };
  return [
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "Role",
      metadata,
      rules: [{ apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["get", "create", "update", "patch"] }],
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "kintsugi-lease" },
      subjects,
    },
  ];
}
