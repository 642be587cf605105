/** Which troubled subjects are behind a Service: found by label, since as many may be troubled as there are Services to ask for. */
import type { Service } from "../model/kube.ts";
import { type Ref, refKey } from "../model/ref.ts";
import { selects } from "../model/selector.ts";
import { servedWorkload } from "../model/service-selector.ts";
import type { View } from "../model/view.ts";

type Labels = Readonly<Record<string, string>>;

interface Troubled {
  readonly key: string;
  readonly labels: Labels;
}

export class Behind {
  readonly #view: View;
  /** `namespace/label=value` of their templates -> subjects. A workload scaled to zero or held by a quota has no pods, but it has a template. */
  readonly #byLabel = new Map<string, Troubled[]>();
  /** `namespace/pod` -> subjects whose findings are about that pod. */
  readonly #byMember = new Map<string, string[]>();

  constructor(view: View, troubled: Iterable<{ readonly subject: Ref; readonly members: readonly Ref[] }>) {
    this.#view = view;
    for (const { subject, members } of troubled) {
      const key = refKey(subject);
      for (const member of members) if (member.kind === "Pod" && subject.kind !== "Service") push(this.#byMember, `${member.namespace}/${member.name}`, key);
      const labels = servedWorkload(view, subject)?.spec.template.metadata.labels ?? {};
      for (const [name, value] of Object.entries(labels)) push(this.#byLabel, `${subject.namespace}/${name}=${value}`, { key, labels });
    }
  }

  /** Keys in order: workloads whose pods the Service selects, or would. */
  workloads({ metadata: { namespace }, spec: { selector } }: Service): readonly string[] {
    const [first] = Object.entries(selector);
    if (first === undefined) return [];
    const found = new Set<string>();
    for (const { key, labels } of this.#byLabel.get(`${namespace}/${first[0]}=${first[1]}`) ?? []) if (selects(selector, labels)) found.add(key);
    for (const pod of this.#view.podsSelected(namespace, selector))
      for (const key of this.#byMember.get(`${namespace}/${pod.metadata.name}`) ?? []) found.add(key);
    return [...found].toSorted();
  }
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}
