/** Which rules of the policy match a plan, and which mode follows. */
import type { ClusterObject } from "../model/kube.ts";
import { matchesPattern } from "../model/pattern.ts";
import type { Mode, Rule } from "../model/policy.ts";
import { answerable } from "./chain.ts";
import type { DecideInput } from "./input.ts";

export type Matching = { readonly type: "rules"; readonly rules: readonly Rule[] } | { readonly type: "unknown"; readonly why: string };

export interface ModeFound {
  readonly mode: Mode;
  /** The rule that decided; undefined when no rule matches and the default counts. */
  readonly rule: Rule | undefined;
}

const STRICTNESS: Readonly<Record<Mode, number>> = { observe: 0, suggest: 1, act: 2 };

/** Rules whose every condition holds. Kinds, names and labels are one condition on one object of the owner chain. */
export function matchingRules(input: DecideInput): Matching {
  const { plan, policy, view } = input;
  const namespace = plan.target.namespace;
  const object = namespace === "" ? undefined : view.get("Namespace", "", namespace);
  const byLabels = policy.spec.rules.some((rule) => rule.match.namespaceLabels !== undefined);
  if (byLabels && namespace !== "" && object === undefined) {
    return { type: "unknown", why: `rules name namespaces by label, and the labels of namespace ${namespace} are not known` };
  }
  const workloads = answerable(input);
  const matches = ({ match }: Rule) =>
    (match.namespaces === undefined || (namespace !== "" && matchesAny(match.namespaces, namespace))) &&
    (match.namespaceLabels === undefined || (object !== undefined && hasLabels(object, match.namespaceLabels))) &&
    (match.modes === undefined || match.modes.includes(input.mode.id)) &&
    (match.actions === undefined || match.actions.includes(plan.action)) &&
    ((match.kinds === undefined && match.names === undefined && match.labels === undefined) || workloads.some((workload) => isMeant(workload, match)));
  return { type: "rules", rules: policy.spec.rules.filter(matches) };
}

/** The strictest mode of the rules that match; the policy's default only where none does. */
export function strictest(rules: readonly Rule[], byDefault: Mode): ModeFound {
  const rule = rules.toSorted((a, b) => STRICTNESS[a.mode] - STRICTNESS[b.mode])[0];
  return { mode: rule?.mode ?? byDefault, rule };
}

export function matchesAny(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => matchesPattern(pattern, name));
}

function isMeant(object: ClusterObject, match: Rule["match"]): boolean {
  return (
    (match.kinds === undefined || match.kinds.includes(object.kind)) &&
    (match.names === undefined || matchesAny(match.names, object.metadata.name)) &&
    (match.labels === undefined || hasLabels(object, match.labels))
  );
}

function hasLabels(object: ClusterObject, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(labels).every(([key, value]) => object.metadata.labels[key] === value);
}
