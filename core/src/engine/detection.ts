/**
 * Which subjects have to be looked at again, and what is wrong with them now.
 *
 * A subject is an object that nothing else answers for: a root owner, a Service, a node, a quota. Each one's detectors are run under tracking, so
 * a change touches just the subjects that asked about it. A property test holds this equal to looking at everything each time.
 */
import type { Detector, DetectWindows, Finding } from "../model/finding.ts";
import { type ClusterObject, controllerOf } from "../model/kube.ts";
import { KINDS, type Kind, type Ref, refKey } from "../model/ref.ts";
import type { ObservedView, Touched } from "./view.ts";

const SUBJECT_KINDS: ReadonlySet<Kind> = new Set([
  "Deployment",
  "StatefulSet",
  "DaemonSet",
  "ReplicaSet",
  "Job",
  "CronJob",
  "Pod",
  "Service",
  "Node",
  "ResourceQuota",
] satisfies Kind[]);

/** True when no observed owner answers for the object. A static pod's owner is its node, which does not. */
export function isSubject(object: ClusterObject): boolean {
  if (!SUBJECT_KINDS.has(object.kind)) return false;
  const owner = controllerOf(object);
  return owner === undefined || owner.kind === "Node" || !KINDS.some((kind) => kind === owner.kind);
}

/** Something that is looked at per subject beside the detectors: the keeper of known-good specs. */
export type Watcher = (subject: Ref, now: number) => { readonly recheckAt?: number };

interface Entry {
  readonly ref: Ref;
  buckets: ReadonlySet<string>;
  findings: readonly Finding[];
  recheckAt: number;
}

export class Detection {
  #entries = new Map<string, Entry>();
  #byBucket = new Map<string, Set<string>>();
  #dirty = new Map<string, Ref>();
  #found = new Map<string, readonly Finding[]>();
  /** Earliest recheck of all; computed when asked for after a change. */
  #next: number | undefined = Number.POSITIVE_INFINITY;

  /** Notes what a change makes necessary to look at. */
  touch(touched: Touched): void {
    for (const object of touched.objects) {
      if (!isSubject(object)) continue;
      const ref = { kind: object.kind, namespace: object.metadata.namespace, name: object.metadata.name };
      this.#dirty.set(refKey(ref), ref);
    }
    for (const bucket of touched.buckets) {
      for (const key of this.#byBucket.get(bucket) ?? []) {
        const entry = this.#entries.get(key);
        if (entry !== undefined) this.#dirty.set(key, entry.ref);
      }
    }
  }

  /** Everything is looked at in the next run: another policy has other windows. */
  touchAll(): void {
    for (const [key, entry] of this.#entries) this.#dirty.set(key, entry.ref);
  }

  /** Looks at what is dirty or due. Returns true when any finding changed. */
  run(view: ObservedView, detectors: readonly Detector[], watcher: Watcher, windows: DetectWindows, now: number): boolean {
    if (this.nextRecheck() <= now) {
      for (const [key, entry] of this.#entries) if (entry.recheckAt <= now) this.#dirty.set(key, entry.ref);
    }
    let changed = false;
    for (const [key, ref] of this.#dirty) changed = this.#look(key, ref, view, detectors, watcher, windows, now) || changed;
    if (this.#dirty.size > 0) this.#next = undefined;
    this.#dirty.clear();
    return changed;
  }

  /** Every finding, in no particular order. */
  findings(): readonly Finding[] {
    return [...this.#found.values()].flat();
  }

  findingsOf(subject: Ref): readonly Finding[] {
    return this.#found.get(refKey(subject)) ?? [];
  }

  /** When time alone may change an answer; Infinity when never. */
  nextRecheck(): number {
    if (this.#next === undefined) {
      let next = Number.POSITIVE_INFINITY;
      for (const entry of this.#entries.values()) next = Math.min(next, entry.recheckAt);
      this.#next = next;
    }
    return this.#next;
  }

  get size(): number {
    return this.#entries.size;
  }

  #look(key: string, ref: Ref, view: ObservedView, detectors: readonly Detector[], watcher: Watcher, windows: DetectWindows, now: number): boolean {
    const entry = this.#entries.get(key) ?? { ref, buckets: new Set<string>(), findings: [], recheckAt: Number.POSITIVE_INFINITY };
    let recheckAt = Number.POSITIVE_INFINITY;
    const { result: found, buckets } = view.track(() => {
      const object = view.find(ref);
      if (object === undefined || !isSubject(object)) return undefined;
      const detected: Finding[] = [];
      for (const detector of detectors) {
        if (!detector.subjects.includes(ref.kind)) continue;
        const detection = detector.detect(ref, view, now, windows);
        if (detection.finding !== undefined) detected.push(detection.finding);
        recheckAt = Math.min(recheckAt, detection.recheckAt ?? Number.POSITIVE_INFINITY);
      }
      recheckAt = Math.min(recheckAt, watcher(ref, now).recheckAt ?? Number.POSITIVE_INFINITY);
      return detected;
    });
    this.#unsubscribe(key, entry);
    const before = entry.findings;
    if (found === undefined) {
      this.#entries.delete(key);
      this.#found.delete(key);
      return before.length > 0;
    }
    const findings = found.map((one) => ({ ...one, firstSeen: before.find((old) => old.detector === one.detector)?.firstSeen ?? now }));
    entry.buckets = buckets;
    entry.findings = findings;
    // A recheck in the past would spin: the answer for this moment has just been given.
    entry.recheckAt = recheckAt <= now ? now + 1_000 : recheckAt;
    this.#entries.set(key, entry);
    for (const bucket of buckets) {
      const subscribers = this.#byBucket.get(bucket) ?? new Set<string>();
      subscribers.add(key);
      this.#byBucket.set(bucket, subscribers);
    }
    if (findings.length === 0) this.#found.delete(key);
    else this.#found.set(key, findings);
    return !sameFindings(before, findings);
  }

  #unsubscribe(key: string, entry: Entry): void {
    for (const bucket of entry.buckets) {
      const subscribers = this.#byBucket.get(bucket);
      subscribers?.delete(key);
      if (subscribers?.size === 0) this.#byBucket.delete(bucket);
    }
  }
}

/** Same for the loop's purpose: detector, cause, members and loss. Wording and counts that only age do not count. */
function sameFindings(a: readonly Finding[], b: readonly Finding[]): boolean {
  return a.length === b.length && a.every((finding, i) => essence(finding) === essence(b[i]));
}

function essence(finding: Finding | undefined): string {
  if (finding === undefined) return "";
  const members = finding.members.map((member) => member.name).join(",");
  return `${finding.detector}|${finding.since}|${finding.lostShare}|${finding.count}|${members}|${finding.cause === undefined ? "" : refKey(finding.cause)}`;
}
