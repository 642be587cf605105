import { namespacesOf } from "../chain.ts";
import { block, type Gate, pass } from "../gate.ts";
import { matchesAny } from "../rules.ts";

/** A window of the policy in which people work: nothing is done meanwhile. A window without namespaces covers everything. */
export const maintenance: Gate = {
  id: "maintenance",
  check: ({ policy, plan, now }) => {
    const names = namespacesOf(plan);
    const open = policy.spec.maintenance
      .map((window) => ({ ...window, from: Date.parse(window.start), until: Date.parse(window.end) }))
      .filter((window) => window.from <= now && now < window.until)
      .filter(({ namespaces }) => namespaces === undefined || names.some((name) => matchesAny(namespaces, name)))
      .toSorted((a, b) => b.until - a.until)[0];
    return open === undefined ? pass("no maintenance window is open") : block(`maintenance "${open.name}" until ${open.end}`, open.until);
  },
};
