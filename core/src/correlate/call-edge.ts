/**
 * The edge from a caller to the Service that it calls: a workload that is not ready or crashes because nothing serves that Service is explained by
 * what is wrong with the Service, the workload behind it, or the node of its pods.
 *
 * Only what can follow from a callee is explained: every pod of the caller is ill, none of them for a reason of its own, and it began after the
 * callee's trouble. A callee in trouble is often claimed later than its callers, so what calls a Service without a ready pod waits for a moment;
 * and once the Service is served again its callers have as long as a restart may take.
 */
import type { Finding } from "../model/finding.ts";
import type { PodTemplate, Service } from "../model/kube.ts";
import { podsOfRoot, rootOf as rootOwner } from "../model/owner-chain.ts";
import { containerTroubles, isActive, isReady } from "../model/pod-state.ts";
import type { Ref } from "../model/ref.ts";
import { selects } from "../model/selector.ts";
import { type ServiceCall, servicesCalled } from "../model/service-calls.ts";
import { templateOf } from "../model/workload.ts";
import { beganBefore, causeBegan, effectBegan, TOLERANCE_MS } from "./began.ts";
import { type Served, servedBy } from "./served.ts";
import { explain, rootOf, type Situation } from "./situation.ts";

/** The kubelet's longest back-off of restarts is 5 min (MaxContainerBackOff); a start and its probes come on top. */
const RECOVERY_MS = 6 * 60_000;
/** What a missing callee can do to its caller. Any other detector names a reason of the caller's own. */
const MAY_FOLLOW: ReadonlySet<string> = new Set(["pod-not-ready", "container-crashing", "rollout-stalled"]);
/** Exit codes of a program that was not found or may not be executed: a bad command, whoever is called. */
const NOT_STARTED: ReadonlySet<number> = new Set([126, 127]);

export interface Calls {
  /** Callers that are not reported yet, and until when, ms. */
  readonly waiting: ReadonlyMap<string, number>;
  /** When time alone changes an answer, ms; Infinity when never. */
  readonly recheckAt: number;
}

/** Adds the explanations of callers to the situation. `patienceMs`: how long the callee's own detectors may take. */
export function explainByCalls(situation: Situation, patienceMs: number): Calls {
  const edges = new CallEdges(situation, patienceMs);
  const order = [...situation.groups.keys()].map((key) => ({ key, began: effectBegan(key, situation) }));
  // A circle of callers ends at the one that began first.
  for (const { key } of order.toSorted((a, b) => a.began - b.began || byText(a.key, b.key))) edges.visit(key);
  return { waiting: edges.waiting, recheckAt: Math.min(edges.recheckAt, ...edges.waiting.values()) };
}

interface Callee extends ServiceCall {
  readonly served: Served;
}

interface Candidate {
  readonly key: string;
  readonly callee: Callee;
  readonly began: number;
}

class CallEdges {
  readonly waiting = new Map<string, number>();
  recheckAt = Number.POSITIVE_INFINITY;
  readonly #situation: Situation;
  readonly #patienceMs: number;
  readonly #seen = new Set<string>();
  readonly #served = new Map<string, Served | undefined>();
  readonly #behindOf = new Map<string, readonly string[]>();

  constructor(situation: Situation, patienceMs: number) {
    this.#situation = situation;
    this.#patienceMs = patienceMs;
  }

  visit(key: string): void {
    const situation = this.#situation;
    if (this.#seen.has(key) || situation.explained.has(key)) return;
    this.#seen.add(key);
    const callees = this.#calleesOf(key);
    // What explains a callee tells when its trouble began, so that comes first.
    for (const { served } of callees) for (const behind of served.behind) this.visit(behind);
    const found = callees.flatMap((callee) => this.#candidatesOf(callee, key));
    const first = found.toSorted((a, b) => a.began - b.began || byText(a.key, b.key))[0];
    if (first !== undefined) explain(situation, key, { key: first.key, why: whyText(first, key, situation) });
    if (first !== undefined || situation.ongoing.has(key)) return;
    const until = effectBegan(key, situation) + this.#patienceMs;
    const isUnknown = callees.some(({ served }) => served.since === undefined && served.behind.length === 0);
    if (isUnknown && situation.now < until) this.waiting.set(key, until);
  }

  /** The Services that it calls and that may be why it is ill: none of them has long been served. */
  #calleesOf(key: string): readonly Callee[] {
    const situation = this.#situation;
    const own = situation.groups.get(key) ?? [];
    const subject = own[0]?.subject;
    const template = subject === undefined ? undefined : templateThatMayFollow(subject, own, situation);
    if (subject === undefined || template === undefined) return [];
    const began = effectBegan(key, situation);
    const found = servicesCalled(template.spec, subject.namespace, situation.view).flatMap((call): Callee[] => {
      const { metadata, spec } = call.service;
      if (metadata.namespace === subject.namespace && selects(spec.selector, template.metadata.labels ?? {})) return [];
      const served = this.#servedBy(call);
      if (served === undefined) return [];
      if (!this.#isMissed(served) || (served.since !== undefined && began > served.since + TOLERANCE_MS)) return [];
      return [{ ...call, served }];
    });
    // With the callee gone all its pods are ill. Once it is back they recover one by one.
    const isPartly = found.length > 0 && isPartlyWell(subject, own, situation);
    const fitting = isPartly ? found.filter(({ served }) => served.since !== undefined && !own.some(isRollout)) : found;
    return fitting.map((callee) => ({ ...callee, served: { ...callee.served, behind: this.#behind(callee).filter((behind) => behind !== key) } }));
  }

  /** It has no ready pod, or has one again for so short a time that its callers may not have recovered. */
  #isMissed({ since }: Served): boolean {
    if (since === undefined) return true;
    const until = since + RECOVERY_MS;
    if (this.#situation.now >= until) return false;
    this.recheckAt = Math.min(this.recheckAt, until);
    return true;
  }

  #servedBy({ service }: ServiceCall): Served | undefined {
    const key = keyOf(service);
    if (!this.#served.has(key)) this.#served.set(key, servedBy(service, this.#situation));
    return this.#served.get(key);
  }

  /**
   * What is behind a missed Service. In a chain of callers the one between may be well again, or not be claimed yet: then it is what is behind the
   * nearest of its own callees that has something behind it.
   */
  #behind({ service, served }: Callee): readonly string[] {
    const key = keyOf(service);
    const known = this.#behindOf.get(key);
    if (known !== undefined) return known;
    const seen = new Set([key]);
    let behind = served.behind;
    for (let level = [served]; behind.length === 0 && level.length > 0; ) {
      level = level.flatMap((one) => this.#missedCalleesOf(one, seen));
      behind = [...new Set(level.flatMap((one) => one.behind))];
    }
    this.#behindOf.set(key, behind);
    return behind;
  }

  /** Services that the workload behind one calls and misses itself, those not yet seen. */
  #missedCalleesOf({ pod }: Served, seen: Set<string>): Served[] {
    const { view } = this.#situation;
    const root = pod === undefined ? undefined : rootOwner(pod, view);
    const template = root === undefined ? undefined : templateOf(view.find(root));
    if (root === undefined || template === undefined) return [];
    return servicesCalled(template.spec, root.namespace, view).flatMap((call) => {
      const key = keyOf(call.service);
      if (seen.has(key)) return [];
      seen.add(key);
      const served = this.#servedBy(call);
      return served !== undefined && this.#isMissed(served) ? [served] : [];
    });
  }

  #candidatesOf(callee: Callee, key: string): readonly Candidate[] {
    const situation = this.#situation;
    return callee.served.behind
      .filter((behind) => beganBefore(behind, key, situation) && rootOf(behind, situation.explained) !== key)
      .map((behind) => ({ key: behind, callee, began: causeBegan(behind, situation) }));
  }
}

/** The template of a workload whose findings can all follow from a callee. */
function templateThatMayFollow(subject: Ref, own: readonly Finding[], { view }: Situation): PodTemplate | undefined {
  if (own.some((finding) => !MAY_FOLLOW.has(finding.detector) || finding.cause !== undefined)) return undefined;
  const template = templateOf(view.get(subject.kind, subject.namespace, subject.name));
  if (template === undefined) return undefined;
  const crashed = own.filter((finding) => finding.detector === "container-crashing").flatMap((finding) => finding.members);
  const neverStarted = crashed.some((member) => {
    const pod = view.get("Pod", member.namespace, member.name);
    return pod !== undefined && containerTroubles(pod).some((trouble) => trouble.exitCode !== undefined && NOT_STARTED.has(trouble.exitCode));
  });
  return neverStarted ? undefined : template;
}

function isRollout(finding: Finding): boolean {
  return finding.detector === "rollout-stalled";
}

/** A pod of it is ready and no finding is about that pod: a new revision alone fails, or one replica. */
function isPartlyWell(subject: Ref, own: readonly Finding[], { view }: Situation): boolean {
  const ill = new Set(own.flatMap((finding) => finding.members.map((member) => member.name)));
  const unnamed = Math.max(0, ...own.map((finding) => finding.count - finding.members.length));
  return podsOfRoot(view, subject).filter((pod) => isActive(pod) && isReady(pod) && !ill.has(pod.metadata.name)).length > unnamed;
}

function keyOf({ metadata: { namespace, name } }: Service): string {
  return `${namespace}/${name}`;
}

/** `orders calls payments (env PAYMENTS_ADDR), which has no ready pod since 12:01 UTC`. */
function whyText({ callee: { service, where, served }, began }: Candidate, key: string, { groups }: Situation): string {
  const caller = groups.get(key)?.[0]?.subject;
  const { namespace, name } = service.metadata;
  const called = caller?.namespace === namespace ? name : `${namespace}/${name}`;
  const state = served.since === undefined ? `has no ready pod since ${clock(served.lostAt ?? began)}` : `had no ready pod until ${clock(served.since)}`;
  return `${caller?.name ?? key} calls ${called} (${where}), which ${state}`;
}

function clock(ms: number): string {
  return `${new Date(ms).toISOString().slice(11, 16)} UTC`;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
