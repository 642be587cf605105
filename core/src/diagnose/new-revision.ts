/** Did the trouble come with a new revision? Asked by every mode that a rollback could cure. */
import type { Case } from "../model/failure-mode.ts";
import type { Container, Pod, PodTemplate } from "../model/kube.ts";
import { isOfCurrentRevision, type Revision, revisionStory } from "../model/revision.ts";
import { spanText } from "../model/time.ts";

/** Trouble that begins later than this after a revision is not laid at its door. */
const NEW_FOR_MS = 30 * 60_000;
/** Clocks of nodes and control plane may differ by so much. */
const SKEW_MS = 60_000;

export interface NewRevision {
  readonly current: Revision;
  /** The newest earlier one that differs. */
  readonly before: Revision;
  /** True when the revision was healthy for a while before the trouble began. */
  readonly wasGood: boolean;
  /** True when there was trouble already before it began. */
  readonly preceded: boolean;
  readonly text: string;
}

/** The revision in suspicion, or undefined: nothing earlier is known, the failing pods are of older ones, or it ran well for too long. */
export function newRevision(given: Case, failing: readonly Pod[]): NewRevision | undefined {
  const story = revisionStory(given.view, given.subject);
  const before = story?.older[0];
  if (story === undefined || before === undefined) return undefined;
  const { current } = story;
  if (!failing.some((pod) => isOfCurrentRevision(given.view, given.subject, story, pod))) return undefined;
  const began = Math.min(...(given.findings.length > 0 ? given.findings.map((finding) => finding.since) : [given.since]));
  if (began > current.since + NEW_FOR_MS) return undefined;
  const number = current.number > 0 ? `revision ${current.number}` : "the present template";
  return {
    current,
    before,
    wasGood: story.currentWasGood,
    preceded: given.since < current.since - SKEW_MS,
    text: `${number} is ${spanText(given.now - current.since)} old and differs from ${before.number > 0 ? `revision ${before.number}` : "the last one seen healthy"}`,
  };
}

/** True when the trouble may be undone by going back. */
export function isSuspect(revision: NewRevision | undefined): revision is NewRevision {
  return revision !== undefined && !revision.wasGood && !revision.preceded;
}

/** The container of that name in both templates; undefined where one of them has none. */
export function bothContainers(revision: NewRevision, name: string): { readonly now: Container; readonly before: Container } | undefined {
  const now = containerIn(revision.current.template, name);
  const before = containerIn(revision.before.template, name);
  return now === undefined || before === undefined ? undefined : { now, before };
}

function containerIn({ spec }: PodTemplate, name: string): Container | undefined {
  return spec.containers.find((c) => c.name === name) ?? spec.initContainers?.find((c) => c.name === name);
}
