/** A cluster behind a real API server. */
import { apiVersion, type ClusterPort, type LeasePort, type Reviewed, redactText } from "@kintsugi/core";
import { askReview } from "./access-review.ts";
import { Discovery } from "./discovery.ts";
import { DEFAULT_WATCH_TUNING, type WatchTuning } from "./follow-kind.ts";
import type { ConnectionSource } from "./kubeconfig.ts";
import { Lease, type LeaseOptions } from "./lease.ts";
import { announceOn, applyStep, readLog, readObject } from "./mutate.ts";
import { type Probe, probeCluster } from "./probe.ts";
import { Reviewer } from "./review.ts";
import { Sharer } from "./share.ts";
import { type KubernetesUser, reviewToken, type TokenOwner } from "./token-review.ts";
import { Transport } from "./transport.ts";
import { watchAll } from "./watch.ts";

export { type ConnectionSource, KubeconfigError } from "./kubeconfig.ts";
export type { LeaseOptions } from "./lease.ts";
export { hiddenKinds, type KindProbe, type Probe } from "./probe.ts";
export type { KubernetesUser, TokenOwner } from "./token-review.ts";

export interface KubernetesOptions {
  readonly source: ConnectionSource;
  /** Unique to this process; names the reporter of Events. */
  readonly identity: string;
  /** 0 <= value < 1; spreads retries and watch ends over time. */
  readonly random: () => number;
  /** Wall clock, in milliseconds since 1970: times of Events and of the Lease. */
  readonly now: () => number;
  /** A clock that never steps, in milliseconds (`performance.now`). */
  readonly monotonic: () => number;
  /** For a read, a step, an Event: until the whole answer is there. Default 10 s. */
  readonly requestTimeoutMs?: number;
  /** How long an access review is believed. Default 30 s. */
  readonly reviewTtlMs?: number;
  readonly watch?: Partial<WatchTuning>;
}

export interface Kubernetes {
  readonly cluster: ClusterPort;
  lease(options?: Omit<LeaseOptions, "identity">): LeasePort;
  probe(): Promise<Probe>;
  /** Whose token it is, and for which of these audiences; undefined when nobody's. Throws PortError when the API server cannot say. */
  ownerOf(token: string, audiences: readonly string[]): Promise<TokenOwner | undefined>;
  /** May somebody else do this. Never throws: no answer is `unknown`. */
  mayUser(
    user: KubernetesUser,
    right: { readonly group: string; readonly resource: string; readonly verb: string; readonly namespace: string },
  ): Promise<Reviewed>;
  /** Breaks every connection; stop watching and release the Lease first. */
  close(): Promise<void>;
}

/** Throws KubeconfigError when the source names no cluster; asks the network nothing until it is used. */
export function createKubernetes(options: KubernetesOptions): Kubernetes {
  const { identity, random, now, monotonic } = options;
  const timeoutMs = options.requestTimeoutMs ?? 10_000;
  const transport = new Transport(options.source, { monotonic, wall: now }, "kintsugi");
  const tuning = { ...DEFAULT_WATCH_TUNING, ...options.watch };
  const discovery = new Discovery(transport, timeoutMs, monotonic);
  const reviewer = new Reviewer(transport, options.reviewTtlMs ?? 30_000, timeoutMs, monotonic);
  const cluster: ClusterPort = {
    watch: (deliver) => watchAll({ transport, discovery, sharer: new Sharer(), tuning, random, now: monotonic }, deliver),
    serverTime: () => transport.serverTime(),
    read: (ref) => readObject(transport, ref, timeoutMs),
    apply: (step, { dryRun }) => applyStep(transport, step, dryRun, timeoutMs),
    review: (permission) => reviewer.review(permission),
    announce: (target, event) => announceOn(transport, target, event, { wallNow: now(), instance: identity, apiVersion: apiVersion(target.kind), timeoutMs }),
    logs: async (pod, container, { previous, maxBytes }) => redactText(await readLog(transport, pod, container, { previous, maxBytes }, timeoutMs)),
  };
  return {
    cluster,
    // A renewal must be over well before the Lease is.
    lease: (leaseOptions = {}) =>
      new Lease(
        transport,
        { ...leaseOptions, identity },
        { now: () => transport.serverTime() ?? now(), monotonic, requestTimeoutMs: Math.min(timeoutMs, (leaseOptions.durationMs ?? 15_000) / 3) },
      ),
    probe: () => probeCluster(transport, discovery, reviewer, timeoutMs),
    ownerOf: (token, audiences) => reviewToken(transport, token, audiences, timeoutMs),
    mayUser: ({ username, ...rest }, { group, resource, verb, namespace }) => {
      const resourceAttributes = { group, resource, verb, namespace };
      return askReview(transport, "subjectaccessreviews", { user: username, ...rest, resourceAttributes }, timeoutMs);
    },
    close: () => transport.close(),
  };
}
