/** What a policy says that cannot be meant (problems), and what it says that may surprise (warnings). */
import { canonicalJson } from "../model/canonical-json.ts";
import type { PolicySpec, Rule } from "../model/policy.ts";
import { KINDS, RESOURCES } from "../model/ref.ts";
import { PROTECTED_NAMESPACES } from "./gates/protected-target.ts";
import { meantOrOneOf, type Path } from "./policy-shape.ts";
import { matchesAny } from "./rules.ts";

/** What rules may name: the catalogues are not this stage's business. */
export interface KnownIds {
  readonly modes: readonly string[];
  readonly actions: readonly string[];
}

interface Contradiction {
  readonly path: Path;
  readonly message: string;
  readonly hint: string;
}

interface Checked {
  readonly problems: readonly Contradiction[];
  readonly warnings: readonly string[];
}

export function checkPolicy(spec: PolicySpec, known: KnownIds): Checked {
  return {
    problems: [
      ...spec.rules.flatMap((rule, index) => unknownNames(rule, index, known)),
      ...doubled("rules", spec.rules),
      ...doubled("maintenance", spec.maintenance),
      ...contradictions(spec),
    ],
    warnings: [...spec.rules.flatMap(warningsOf), ...stillProtected(spec), ...disagreeing(spec.rules), ...standstills(spec)],
  };
}

function unknownNames({ match }: Rule, index: number, known: KnownIds): readonly Contradiction[] {
  const check = (field: "modes" | "actions" | "kinds", what: string, names: readonly string[]) =>
    (match[field] ?? []).flatMap((name, item): readonly Contradiction[] =>
      names.includes(name)
        ? []
        : [{ path: ["spec", "rules", index, "match", field, item], message: `there is no ${what} ${name}`, hint: meantOrOneOf(name, names) }],
    );
  return [...check("modes", "failure mode", known.modes), ...check("actions", "action", known.actions), ...check("kinds", "observed kind", KINDS)];
}

function doubled(list: "rules" | "maintenance", items: readonly { readonly name: string }[]): readonly Contradiction[] {
  return items.flatMap(({ name }, index): readonly Contradiction[] => {
    const first = items.findIndex((other) => other.name === name);
    if (first === index) return [];
    return [
      { path: ["spec", list, index, "name"], message: `${name} is the name of ${list}[${first}] too`, hint: "give each its own name: reasons refer to it" },
    ];
  });
}

function contradictions({ minConfidence, maintenance, windows, idempotentJobs }: PolicySpec): readonly Contradiction[] {
  const found: Contradiction[] = [];
  if (minConfidence.act < minConfidence.ask) {
    const message = `to act less confidence is wanted (${minConfidence.act}) than to ask (${minConfidence.ask})`;
    found.push({ path: ["spec", "minConfidence", "act"], message, hint: `write ${minConfidence.ask} or more` });
  }
  if (windows.verifySettle < windows.verifyHold) {
    const message = "a cure must show within a shorter time (verifySettle) than it must hold (verifyHold), so none ever would";
    found.push({ path: ["spec", "windows"], message, hint: "make verifySettle the longer one" });
  }
  for (const [index, { start, end }] of maintenance.entries()) {
    if (Date.parse(end) > Date.parse(start)) continue;
    found.push({ path: ["spec", "maintenance", index, "end"], message: `${end} is not after ${start}`, hint: "write an end after the start" });
  }
  for (const [index, pattern] of idempotentJobs.entries()) {
    if (pattern.split("/").length === 2) continue;
    found.push({ path: ["spec", "idempotentJobs", index], message: `${pattern} names no Job`, hint: "write namespace/name, for example data/report-*" });
  }
  return found;
}

function warningsOf(rule: Rule): readonly string[] {
  const { match } = rule;
  const empty = Object.entries(match).find(([, value]) => Array.isArray(value) && value.length === 0)?.[0];
  if (empty !== undefined) return [`rule "${rule.name}" never matches: its list ${empty} is empty`];
  const inNamespace = match.namespaces !== undefined || match.namespaceLabels !== undefined;
  const clusterKinds = match.kinds?.every((name) => KINDS.some((kind) => kind === name && !RESOURCES[kind].namespaced));
  if (inNamespace && clusterKinds === true) return [`rule "${rule.name}" never matches: ${match.kinds?.join(", ")} are in no namespace`];
  if (rule.mode === "act" && Object.keys(match).length === 0) return [`rule "${rule.name}" matches everything, and says act`];
  return [];
}

/** A rule lifts no protection: one that lets something act in a protected namespace needs it to be named a second time. */
function stillProtected({ rules, unprotect }: PolicySpec): readonly string[] {
  return rules
    .filter(({ mode }) => mode !== "observe")
    .flatMap(({ name, match }) =>
      (match.namespaces ?? [])
        .filter((namespace) => matchesAny(PROTECTED_NAMESPACES, namespace) && !matchesAny(unprotect.namespaces, namespace))
        .map((namespace) => `rule "${name}" changes nothing in ${namespace}, which is protected: name it under unprotect.namespaces too`),
    );
}

/** Rules that match the same and say something else: the strictest wins, so the others say nothing. */
function disagreeing(rules: readonly Rule[]): readonly string[] {
  const groups = Map.groupBy(rules, (rule) => canonicalJson(sortedMatch(rule.match)));
  return [...groups.values()].flatMap((group) => {
    const modes = new Set(group.map((rule) => rule.mode));
    if (modes.size < 2) return [];
    const names = group.map((rule) => `"${rule.name}" (${rule.mode})`).join(" and ");
    return [`rules ${names} match the same and disagree: the strictest wins`];
  });
}

function sortedMatch(match: Rule["match"]): unknown {
  return Object.fromEntries(Object.entries(match).map(([key, value]) => [key, Array.isArray(value) ? value.toSorted() : value]));
}

/** Settings with which nothing would ever be done, or everything always be frozen. */
function standstills({ limits, storm, windows, unprotect, mode, rules }: PolicySpec): readonly string[] {
  const acts = ["attemptsPerTarget", "actsPerOwnerPerHour", "actsPerNamespacePerHour", "actsPerClusterPerHour", "concurrentActs"] as const;
  const found = acts.filter((limit) => limits[limit] === 0).map((limit) => `limits.${limit} is 0: nothing is ever done`);
  if (limits.nodesAtOnce === 0) found.push("limits.nodesAtOnce is 0: nothing is ever done to a node");
  if (storm.owners === 0 || (storm.minNodes === 0 && storm.nodeShare === 0)) found.push("storm: a threshold of 0 freezes everything always");
  if (windows.approval === 0) found.push("windows.approval is 0: every approval expires at once");
  if (unprotect.namespaces.some((name) => /^\*+$/.test(name))) found.push("unprotect.namespaces names every namespace, the system's too");
  if (mode === "act" && rules.length === 0) found.push("mode is act and there are no rules: everything that passes the gates is done without asking");
  return found;
}
