/** What is wrong everywhere at one moment, in the shape in which the edges between troubles ask for it. */
import { type Finding, findingKey } from "../model/finding.ts";
import { type Ref, refKey } from "../model/ref.ts";
import type { View } from "../model/view.ts";
import { Behind } from "./behind.ts";

/** An incident that is alive, as far as correlation needs it: it remembers when a trouble began, and that one has only just ended. */
export interface Ongoing {
  readonly subject: Ref;
  readonly since: number;
  /** Since when it has looked healthy, ms. */
  readonly healthySince?: number;
}

export interface Situation {
  readonly view: View;
  readonly now: number;
  /** Findings by subject key, in the order of the keys. */
  readonly groups: ReadonlyMap<string, readonly Finding[]>;
  /** When the earliest finding of each subject began, ms. */
  readonly began: ReadonlyMap<string, number>;
  /** Subjects that point at a cause, by the cause's key. */
  readonly pointing: ReadonlyMap<string, readonly string[]>;
  /** Live incidents by subject key. */
  readonly ongoing: ReadonlyMap<string, Ongoing>;
  /** Subject key -> what explains it; grows while edges are looked for, and never has a circle. */
  readonly explained: Map<string, Explained>;
  /** Made when the first Service is asked about. */
  readonly behind: { now?: Behind; before?: Behind };
}

/** What is troubled behind Services now. */
export function behindNow({ view, groups, behind }: Situation): Behind {
  behind.now ??= new Behind(
    view,
    [...groups.values()].flatMap((own) => own.map(({ subject, members }) => ({ subject, members }))),
  );
  return behind.now;
}

/** What has an incident without findings: it was troubled a moment ago. */
export function behindBefore({ view, groups, ongoing, behind }: Situation): Behind {
  behind.before ??= new Behind(
    view,
    [...ongoing].filter(([key]) => !groups.has(key)).map(([, { subject }]) => ({ subject, members: [] })),
  );
  return behind.before;
}

export interface Explained {
  readonly key: string;
  /** For people. */
  readonly why: string;
}

export function situationOf(findings: readonly Finding[], view: View, now: number, ongoing: ReadonlyMap<string, Ongoing>): Situation {
  const sorted = findings.map((finding) => ({ finding, key: findingKey(finding) })).toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const bySubject = Map.groupBy(
    sorted.map(({ finding }) => finding),
    (finding) => refKey(finding.subject),
  );
  const groups = new Map([...bySubject].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const pointing = new Map<string, string[]>();
  const began = new Map<string, number>();
  for (const [key, own] of groups) {
    began.set(key, Math.min(...own.map((finding) => finding.since)));
    for (const cause of new Set(own.flatMap((finding) => (finding.cause === undefined ? [] : [refKey(finding.cause)])))) {
      const known = pointing.get(cause);
      if (known === undefined) pointing.set(cause, [key]);
      else known.push(key);
    }
  }
  return { view, now, groups, began, pointing, ongoing, explained: new Map(), behind: {} };
}

/** Follows explanations to the trouble that nothing explains. */
export function rootOf(key: string, explained: ReadonlyMap<string, Explained>): string {
  let root = key;
  for (let next = explained.get(root); next !== undefined; next = explained.get(root)) root = next.key;
  return root;
}

/** Takes an explanation unless the two would explain each other in a circle: what came first stays the cause. */
export function explain({ explained }: Situation, key: string, by: Explained | undefined): void {
  if (by !== undefined && rootOf(by.key, explained) !== key) explained.set(key, by);
}
