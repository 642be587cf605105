/** Workloads whose pod template can be changed, and the template without what controllers write into it. */
import type { DaemonSet, Deployment, PodTemplate, StatefulSet } from "../model/kube.ts";
import type { Kind, Ref } from "../model/ref.ts";
import type { View } from "../model/view.ts";

export type Templated = Deployment | StatefulSet | DaemonSet;

export const TEMPLATED: readonly Kind[] = ["Deployment", "StatefulSet", "DaemonSet"];

export const TEMPLATE = "/spec/template";

const POD_TEMPLATE_HASH = "pod-template-hash";

/** The workload that a Ref means now; undefined when it is gone, another incarnation or of another kind. */
export function templatedOf(ref: Ref, view: View): Templated | undefined {
  const object = view.find(ref);
  switch (object?.kind) {
    case "Deployment":
    case "StatefulSet":
    case "DaemonSet":
      return object;
    default:
      return undefined;
  }
}

/** The template without the label that the Deployment controller adds to each ReplicaSet's copy. */
export function withoutHash(template: PodTemplate): PodTemplate {
  const { [POD_TEMPLATE_HASH]: _, ...labels } = template.metadata.labels ?? {};
  return template.metadata.labels === undefined ? template : { ...template, metadata: { ...template.metadata, labels } };
}
