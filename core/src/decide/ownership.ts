/** Who answers for an object over its whole owner chain: what GitOps, Helm or an operator made must be changed there. */
import type { Ownership } from "../model/decision.ts";
import type { ClusterObject } from "../model/kube.ts";
import { refOf } from "../model/kube.ts";
import type { Application } from "../model/kube-extensions.ts";
import type { Policy } from "../model/policy.ts";
import { RESOURCES, type Ref } from "../model/ref.ts";
import type { View } from "../model/view.ts";
import { chainOf } from "./chain.ts";

const MANAGED_BY = "app.kubernetes.io/managed-by";
const INSTANCE = "app.kubernetes.io/instance";
const ARGO_TRACKING = "argocd.argoproj.io/tracking-id";
const ARGO_INSTANCE = "argocd.argoproj.io/instance";
const FLUX = ["kustomize.toolkit.fluxcd.io/name", "helm.toolkit.fluxcd.io/name"];
const HELM_RELEASE = "meta.helm.sh/release-name";

/** Values of `managed-by` of tools that write once and do not come back on their own. */
const WRITES_ONCE = /^(kubectl|kustomize|skaffold|tilt|devspace|manual|kintsugi)$/i;

/** Which of several objects of a chain decides: who puts things back by itself first, then what cannot be told. */
const WEIGHT: Readonly<Record<Ownership["type"], number>> = { gitops: 0, operator: 1, unknown: 2, helm: 3, plain: 4 };

export function ownershipOf(ref: Ref, view: View, policy: Policy): Ownership {
  const { objects, end } = chainOf(ref, view);
  const last = objects.at(-1);
  const root = last === undefined ? ref : refOf(last);
  const found = objects.map((object): Ownership => ownershipOfOne(object, root, view, policy));
  if (end.type === "custom") found.push({ type: "operator", root, name: `${end.owner.kind} ${end.owner.name}` });
  if (end.type === "lost") found.push({ type: "unknown", root, why: end.why });
  return weightiest(found) ?? { type: "plain", root };
}

export function weightiest(found: readonly Ownership[]): Ownership | undefined {
  return found.toSorted((a, b) => WEIGHT[a.type] - WEIGHT[b.type])[0];
}

function ownershipOfOne(object: ClusterObject, root: Ref, view: View, policy: Policy): Ownership {
  return argo(object, root, view, policy) ?? flux(object, root) ?? helm(object, root) ?? managed(object, root) ?? { type: "plain", root };
}

function argo(object: ClusterObject, root: Ref, view: View, policy: Policy): Ownership | undefined {
  const { annotations, labels } = object.metadata;
  // `application:group/kind:namespace/name`
  const name = annotations[ARGO_TRACKING]?.split(":")[0] ?? labels[ARGO_INSTANCE];
  if (name !== undefined) return argoOwned(name, root, applicationNamed(name, view));
  const health = view.health("Application");
  if (health === "live") {
    const listing = view.all("Application").find((application) => lists(application, object));
    if (listing !== undefined) return argoOwned(listing.metadata.name, root, listing);
  }
  const instance = labels[INSTANCE];
  if (instance === undefined) return undefined;
  if (policy.spec.argoElsewhere) return argoOwned(instance, root, undefined);
  if (health === "live" || health === "not-served") return undefined;
  return { type: "unknown", root, why: `the label ${INSTANCE}: ${instance} may mean an Argo CD Application, and Applications are ${health}` };
}

function argoOwned(name: string, root: Ref, application: Application | undefined): Ownership {
  const source = application === undefined ? "" : [application.repoURL, application.path].filter((part) => part !== "").join(" ");
  return { type: "gitops", root, tool: "argocd", name, source };
}

function applicationNamed(name: string, view: View): Application | undefined {
  return view.health("Application") === "live" ? view.all("Application").find((application) => application.metadata.name === name) : undefined;
}

function lists(application: Application, object: ClusterObject): boolean {
  const { namespace, name } = object.metadata;
  const { group } = RESOURCES[object.kind];
  return application.resources.some((item) => item.kind === object.kind && item.group === group && item.name === name && item.namespace === namespace);
}

function flux({ metadata }: ClusterObject, root: Ref): Ownership | undefined {
  const label = FLUX.find((key) => metadata.labels[key] !== undefined);
  if (label === undefined) return undefined;
  const name = metadata.labels[label] ?? "";
  const namespace = metadata.labels[label.replace("/name", "/namespace")] ?? "";
  const kind = label.startsWith("helm") ? "HelmRelease" : "Kustomization";
  return { type: "gitops", root, tool: "flux", name: namespace === "" ? name : `${namespace}/${name}`, source: `${kind} ${name}` };
}

function helm({ metadata }: ClusterObject, root: Ref): Ownership | undefined {
  const release = metadata.annotations[HELM_RELEASE];
  if (release === undefined && metadata.labels[MANAGED_BY]?.toLowerCase() !== "helm") return undefined;
  return { type: "helm", root, release: release ?? metadata.labels[INSTANCE] ?? "" };
}

/** A manager that is not known to leave things alone may put back what we change. */
function managed({ metadata }: ClusterObject, root: Ref): Ownership | undefined {
  const olm = metadata.labels["olm.owner"];
  if (olm !== undefined) return { type: "operator", root, name: olm };
  const by = metadata.labels[MANAGED_BY];
  if (by === undefined || WRITES_ONCE.test(by)) return undefined;
  if (/^argo-?cd/i.test(by)) return { type: "gitops", root, tool: "argocd", name: metadata.labels[INSTANCE] ?? "", source: "" };
  if (/^flux/i.test(by)) return { type: "gitops", root, tool: "flux", name: metadata.labels[INSTANCE] ?? "", source: "" };
  return { type: "operator", root, name: by };
}
