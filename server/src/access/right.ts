/** What a caller may be allowed: verbs on the virtual resources of `kintsugi.dev`, so that the cluster's RBAC says who may do what where. */

export const API_GROUP = "kintsugi.dev";

/** Verbs of each virtual resource; the roles of `kintsugi rbac` are made from this list. */
export const API_RESOURCES = {
  /** Engine incidents, their diagnoses, evidence and plans. */
  incidents: ["get", "list", "update"],
  /** What people and tools outside have reported. */
  tickets: ["get", "list", "create", "update"],
  /** `create` proposes or triggers: a request, nothing more. */
  remediations: ["get", "list", "create", "approve", "deny", "undo"],
  policies: ["get", "update"],
  silences: ["list", "create", "delete"],
  /** `create` pauses, `delete` resumes. */
  pauses: ["create", "delete"],
  /** The ledger: audit, events, report. */
  records: ["list"],
  /** What is seen of the cluster: findings, objects, topology, logs, capacity. */
  signals: ["get", "list"],
  /** `create` asks a model for a prediction. */
  models: ["get", "list", "create"],
  settings: ["get"],
} as const;

export type ApiResource = keyof typeof API_RESOURCES;
export type VerbOf<R extends ApiResource> = (typeof API_RESOURCES)[R][number];

/** `namespace` is empty for the whole cluster. */
export type Right = { [R in ApiResource]: { readonly resource: R; readonly verb: VerbOf<R>; readonly namespace: string } }[ApiResource] & {
  /** An assistant put the question to its owner, and policy lets that count: only then may a credential made for MCP approve. */
  readonly elicited?: true;
  /** The caller named something and not where it is: whoever may not look there is not told where, nor whether it is anywhere. */
  readonly untold?: true;
};

export function rightText({ verb, resource, namespace, untold }: Right): string {
  const where = namespace === "" ? "in the whole cluster" : `in namespace ${namespace}`;
  return `${verb} ${resource}.${API_GROUP} ${untold === true ? "where that is, if it is anywhere" : where}`;
}

/** What lets somebody look at the same. */
export function lookingAt({ resource, namespace }: Right): Right {
  return { resource, verb: (API_RESOURCES[resource] as readonly string[]).includes("get") ? "get" : "list", namespace } as Right;
}

/** Whether it changes nothing. */
export function isReading({ verb }: Pick<Right, "verb">): boolean {
  return verb === "get" || verb === "list";
}

/** What would let more happen than before: no credential made for MCP may ever do it, whoever owns it. The engine refuses it as well. */
export function isBeyondAssistants({ resource, verb, elicited }: Right): boolean {
  return (
    (resource === "remediations" && verb === "approve" && elicited !== true) ||
    (resource === "policies" && verb === "update") ||
    ((resource === "pauses" || resource === "silences") && verb === "delete")
  );
}
