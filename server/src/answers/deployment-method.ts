/** How an object came to be: who has to change it, with what shows that. Resolved over its whole owner chain. */
import { type ClusterObject, type Ownership, ownerChain, type Ref, refText, type View } from "@kintsugi/core";

export const METHODS = ["argocd", "flux", "helm", "kustomize", "operator", "manual", "unknown"] as const;
export type Method = (typeof METHODS)[number];

/**
 * The reference contract's own constants, kept for its clients: they rank kinds of evidence and are no measured shares. It has none for Flux and
 * Kustomize: theirs are those of the neighbour with the same kind of evidence, a GitOps mark and a label.
 */
export const METHOD_CONFIDENCE: Readonly<Record<Method, number>> = {
  argocd: 0.95,
  flux: 0.95,
  helm: 0.9,
  kustomize: 0.8,
  operator: 0.8,
  manual: 0.6,
  unknown: 0.5,
};

/** Marks that tools leave, where they leave them. */
const MARKS = [
  ["annotation", "argocd.argoproj.io/tracking-id"],
  ["label", "argocd.argoproj.io/instance"],
  ["label", "kustomize.toolkit.fluxcd.io/name"],
  ["label", "helm.toolkit.fluxcd.io/name"],
  ["annotation", "meta.helm.sh/release-name"],
  ["annotation", "meta.helm.sh/release-namespace"],
  ["label", "helm.sh/chart"],
  ["label", "olm.owner"],
  ["label", "app.kubernetes.io/managed-by"],
  ["label", "app.kubernetes.io/instance"],
] as const;

export interface Detected {
  readonly method: Method;
  readonly confidence: number;
  /** What told it. */
  readonly source: string;
  readonly details: Readonly<Record<string, string | readonly string[] | null>>;
}

export function deploymentMethod(ref: Ref, view: View, ownership: Ownership): Detected {
  const object = view.find(ref);
  const chain = object === undefined ? [] : ownerChain(object, view);
  const marks = chain.flatMap(marksOf);
  const method = methodOf(ownership, chain);
  return {
    method,
    confidence: METHOD_CONFIDENCE[method],
    source: sourceOf(ownership, marks),
    details: {
      root: refText(ownership.root),
      owner_chain: chain.map(({ kind, metadata }) => refText({ kind, namespace: metadata.namespace, name: metadata.name })),
      marks: marks.map(({ text }) => text),
      ...namesOf(ownership, chain),
    },
  };
}

function methodOf(ownership: Ownership, chain: readonly ClusterObject[]): Method {
  switch (ownership.type) {
    case "gitops":
      return ownership.tool;
    case "plain":
      return chain.some(({ metadata }) => metadata.labels["app.kubernetes.io/managed-by"]?.toLowerCase() === "kustomize") ? "kustomize" : "manual";
    default:
      return ownership.type;
  }
}

interface Mark {
  readonly where: "annotation" | "label";
  readonly key: string;
  readonly text: string;
}

function marksOf({ kind, metadata }: ClusterObject): readonly Mark[] {
  return MARKS.flatMap(([where, key]) => {
    const value = (where === "label" ? metadata.labels : metadata.annotations)[key];
    return value === undefined ? [] : [{ where, key, text: `${where} ${key}: ${value} (on ${kind} ${metadata.name})` }];
  });
}

function sourceOf(ownership: Ownership, marks: readonly Mark[]): string {
  if (ownership.type === "unknown") return ownership.why;
  const first = marks[0];
  if (first !== undefined) return `${first.where}:${first.key}`;
  if (ownership.type === "operator") return "owner_reference";
  return ownership.type === "gitops" ? "application_resources" : "default: no tool has left a mark on it or its owners";
}

function namesOf(ownership: Ownership, chain: readonly ClusterObject[]): Detected["details"] {
  switch (ownership.type) {
    case "gitops":
      return { application: ownership.name, repository: ownership.source === "" ? null : ownership.source };
    case "helm": {
      const marked = chain.find(({ metadata }) => metadata.annotations["meta.helm.sh/release-name"] !== undefined)?.metadata;
      return {
        release: ownership.release,
        release_namespace: marked?.annotations["meta.helm.sh/release-namespace"] ?? null,
        chart: chain.flatMap(({ metadata }) => metadata.labels["helm.sh/chart"] ?? [])[0] ?? null,
      };
    }
    case "operator":
      return { operator: ownership.name };
    default:
      return {};
  }
}
