/** What every Kubernetes object carries, and the small shapes that many share. */
import type { Kind } from "./ref.ts";

export interface Meta {
  readonly name: string;
  /** Empty for cluster-scoped objects. */
  readonly namespace: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation?: number;
  readonly creationTimestamp: string;
  readonly deletionTimestamp?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly ownerReferences: readonly OwnerReference[];
  readonly finalizers: readonly string[];
  /** Who set which field when: manager, operation, time and the set of paths (as JSON Pointers, list items as `*`). */
  readonly managers: readonly FieldManager[];
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller: boolean;
}

export interface FieldManager {
  readonly manager: string;
  readonly operation: string;
  readonly time: string;
  readonly subresource: string;
  /** JSON Pointers of the spec and metadata fields that matter (`/spec/replicas`, `/spec/selector`, `/spec/template`, `/spec/unschedulable`). */
  readonly paths: readonly string[];
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  /** When it last changed; empty when the API does not say. */
  readonly lastTransitionTime: string;
  /** Deployment conditions only: when progress was last seen. */
  readonly lastUpdateTime?: string;
}

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] }[];
}

export interface Base<K extends Kind> {
  readonly kind: K;
  readonly metadata: Meta;
}
