/** Kinds that only some clusters serve: Argo CD and OpenShift. */
import type { Base, Condition } from "./kube-meta.ts";

/** Argo CD Application: what it tracks, and whether it would revert us. */
export interface Application extends Base<"Application"> {
  readonly resources: readonly { readonly group: string; readonly kind: string; readonly namespace: string; readonly name: string }[];
  readonly repoURL: string;
  readonly path: string;
}

export interface ClusterVersion extends Base<"ClusterVersion"> {
  readonly status: { readonly conditions: readonly Condition[] };
}

export interface MachineConfigPool extends Base<"MachineConfigPool"> {
  readonly status: { readonly conditions: readonly Condition[] };
}
