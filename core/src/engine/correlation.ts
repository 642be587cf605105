/**
 * What is one trouble, kept up to date: correlated again when findings change, when something changes that the last answer was read from, and
 * when time alone may change it. A property test holds this equal to correlating everything each time.
 */
import { type Correlated, correlate } from "../correlate/correlate.ts";
import type { Ongoing } from "../correlate/situation.ts";
import type { Finding } from "../model/finding.ts";
import type { PolicySpec } from "../model/policy.ts";
import { type Ref, refKey } from "../model/ref.ts";
import type { ObservedView, Touched } from "./view.ts";

const NOTHING: Correlated = { groups: [], waiting: new Set(), recheckAt: Number.POSITIVE_INFINITY };

export class Correlation {
  #last = NOTHING;
  #essence = "";
  #buckets: ReadonlySet<string> = new Set();
  #isTouched = false;

  get last(): Correlated {
    return this.#last;
  }

  /** Notes what a change makes necessary. */
  touch(touched: Touched): void {
    if (this.#isTouched) return;
    const [few, many] = touched.buckets.size < this.#buckets.size ? [touched.buckets, this.#buckets] : [this.#buckets, touched.buckets];
    for (const bucket of few) {
      if (!many.has(bucket)) continue;
      this.#isTouched = true;
      return;
    }
  }

  /** True when the last answer may no longer hold although no finding changed. */
  isDue(now: number): boolean {
    return this.#isTouched || this.#last.recheckAt <= now;
  }

  /** Correlates. Returns true when the answer differs from the last one in more than the findings themselves. */
  run(
    findings: readonly Finding[],
    view: ObservedView,
    now: number,
    policy: Pick<PolicySpec, "storm" | "windows">,
    ongoing: ReadonlyMap<string, Ongoing>,
  ): boolean {
    const { result, buckets } = view.track(() => correlate(findings, view, now, policy, ongoing));
    const essence = essenceOf(result);
    const differs = essence !== this.#essence;
    this.#last = result;
    this.#essence = essence;
    this.#buckets = buckets;
    this.#isTouched = false;
    return differs;
  }

  /** What explains a subject, by the last answer. */
  explanationOf(subject: Ref): { readonly by: Ref; readonly why: string } | undefined {
    for (const group of this.#last.groups) {
      const found = group.explains.find((explained) => refKey(explained.subject) === refKey(subject));
      if (found !== undefined) return { by: group.subject, why: found.why };
    }
    return undefined;
  }

  /** What a subject explains, by the last answer. */
  explainedBy(subject: Ref): Correlated["groups"][number]["explains"] {
    return this.#last.groups.find((group) => refKey(group.subject) === refKey(subject))?.explains ?? [];
  }

  /** Whether a trouble that was over, and still explained others, is forgotten by now. */
  leansOnEnded(isLive: (key: string) => boolean): boolean {
    return this.#last.groups.some((group) => group.findings.length === 0 && !isLive(refKey(group.subject)));
  }
}

function essenceOf({ groups, waiting }: Correlated): string {
  const told = groups.map((group) => {
    const explains = group.explains.map(({ subject, why }) => `${refKey(subject)}:${why}`);
    return `${refKey(group.subject)}${group.findings.length === 0 ? " was" : ""} [${explains.join(",")}]`;
  });
  return `${told.join(" ")} | ${[...waiting].join(" ")}`;
}
