/** Who writes, what was written, and whether it was let through: the simulated audit log. */
import type { ClusterObject, Failure, Ref } from "@kintsugi/core";

export interface Actor {
  readonly kind: "controller" | "kubelet" | "person" | "engine";
  /** `deployment-controller`, `system:node:node-1`, `alice`, `kintsugi-0`. */
  readonly name: string;
  /** Field manager, as managedFields shows it: `kube-controller-manager`, `kubectl-edit`, `kintsugi`. */
  readonly manager: string;
}

export function controllerActor(name: string): Actor {
  return { kind: "controller", name, manager: "kube-controller-manager" };
}

export function person(name: string, manager = "kubectl-edit"): Actor {
  return { kind: "person", name, manager };
}

export interface AuditEntry {
  /** ms since 1970 on the API server's clock. */
  readonly at: number;
  readonly actor: Actor;
  readonly verb: "create" | "update" | "patch" | "delete" | "evict";
  readonly subresource: string;
  readonly ref: Ref & { readonly uid: string };
  readonly dryRun: boolean;
  /** Undefined when it was carried out. */
  readonly failure: Failure | undefined;
  readonly before: ClusterObject | undefined;
  readonly after: ClusterObject | undefined;
}

/** Every write but those of Events. Refused writes of persons and engines are kept too. */
export class Audit {
  readonly #entries: AuditEntry[] = [];
  readonly #listeners: ((entry: AuditEntry) => void)[] = [];

  add(entry: AuditEntry): void {
    this.#entries.push(entry);
    if (isEngineWrite(entry)) for (const listener of this.#listeners) listener(entry);
  }

  /** Called at every write by an engine that changed something, at its moment. */
  onEngineWrite(listener: (entry: AuditEntry) => void): void {
    this.#listeners.push(listener);
  }

  entries(): readonly AuditEntry[] {
    return this.#entries;
  }

  /** Writes by engines that changed something. */
  engineWrites(): readonly AuditEntry[] {
    return this.#entries.filter(isEngineWrite);
  }
}

function isEngineWrite({ actor, failure, dryRun }: AuditEntry): boolean {
  return actor.kind === "engine" && failure === undefined && !dryRun;
}
