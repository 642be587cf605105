/**
 * Findings -> groups: what is one trouble. Pure; the same findings, view and live incidents give the same groups in the same order.
 *
 * Findings of one subject (the root owner) belong together. Then one group may explain another that began after it: a storm explains what began
 * with it, a node that is not ready explains what is wrong only with its pods, a shared cause (quota, claim, missing object) joins its victims, a
 * workload explains the Service that selects its pods, and a Service that nothing serves explains those that call it.
 */
import type { Finding } from "../model/finding.ts";
import type { PolicySpec } from "../model/policy.ts";
import { type Ref, refKey } from "../model/ref.ts";
import type { View } from "../model/view.ts";
import { TOLERANCE_MS } from "./began.ts";
import { explainByCalls } from "./call-edge.ts";
import { byEdge } from "./edges.ts";
import { explain, type Ongoing, rootOf, type Situation, situationOf } from "./situation.ts";
import { detectStorm, WHOLE_CLUSTER } from "./storm.ts";

export interface Group {
  readonly subject: Ref;
  /** Its own findings, by detector. Empty for a trouble that is over and whose victims have not recovered yet. */
  readonly findings: readonly Finding[];
  /** Subjects whose findings it explains, with the reason. */
  readonly explains: readonly { readonly subject: Ref; readonly why: string }[];
}

export interface Correlated {
  /** Groups that are explained by no other, by subject key. */
  readonly groups: readonly Group[];
  /** Keys of subjects that are not reported yet: what they call has no ready pod, and why will be seen in a moment. */
  readonly waiting: ReadonlySet<string>;
  /** When time alone may change the answer, ms; Infinity when never. */
  readonly recheckAt: number;
}

/** `ongoing`: live incidents by subject key. */
export function correlate(
  findings: readonly Finding[],
  view: View,
  now: number,
  policy: Pick<PolicySpec, "storm" | "windows">,
  ongoing: ReadonlyMap<string, Ongoing> = new Map(),
): Correlated {
  const situation = situationOf(findings, view, now, ongoing);
  for (const [key, own] of situation.groups) explain(situation, key, byEdge(key, own, situation));
  const { notReady, unschedulable, scaledToZero } = policy.windows;
  const drawn = new Set(situation.explained.keys());
  const calls = explainByCalls(situation, Math.max(notReady, unschedulable, scaledToZero) + TOLERANCE_MS);
  const callers = new Set([...situation.explained.keys()].filter((key) => !drawn.has(key)));
  // Whoever calls one thing that is gone is one trouble with it, however many they are.
  const counted = [...situation.groups.values()]
    .flat()
    .filter((finding) => !callers.has(refKey(finding.subject)) && !calls.waiting.has(refKey(finding.subject)));
  const storm = detectStorm(counted, view, now, policy.storm);
  if (storm !== undefined) explainByStorm(situation, storm, policy.storm.within, callers);
  const waiting = new Set([...situation.groups.keys()].filter((key) => calls.waiting.has(rootOf(key, situation.explained))));
  return { groups: groupsOf(situation, storm, waiting), waiting, recheckAt: calls.recheckAt };
}

function explainByStorm({ groups, explained }: Situation, storm: Finding, within: number, callers: ReadonlySet<string>): void {
  for (const [key, own] of groups) {
    if (!callers.has(key) && own.every((finding) => finding.since >= storm.since - within)) {
      explained.set(key, { key: refKey(WHOLE_CLUSTER), why: storm.summary });
    }
  }
}

function groupsOf({ groups, ongoing, explained }: Situation, storm: Finding | undefined, waiting: ReadonlySet<string>): readonly Group[] {
  const found = new Map<string, { subject: Ref; findings: readonly Finding[]; explains: { subject: Ref; why: string }[] }>();
  for (const [key, own] of storm === undefined ? groups : [...groups, [refKey(WHOLE_CLUSTER), [storm]] as const]) {
    const subject = own[0]?.subject;
    if (subject !== undefined && !explained.has(key) && !waiting.has(key)) found.set(key, { subject, findings: own, explains: [] });
  }
  for (const [key, own] of groups) {
    const by = explained.get(key);
    const subject = own[0]?.subject;
    if (by === undefined || subject === undefined) continue;
    const root = rootOf(key, explained);
    const over = ongoing.get(root);
    if (!found.has(root) && !groups.has(root) && over !== undefined) found.set(root, { subject: over.subject, findings: [], explains: [] });
    found.get(root)?.explains.push({ subject, why: by.why });
  }
  return [...found.entries()].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, group]) => group);
}
