/**
 * The right to act, as a coordination.k8s.io Lease with optimistic concurrency: every write names the version it replaces.
 *
 * Whether another holder is gone is judged by our own clock alone: the Lease must not have changed for its duration since we
 * first saw it so. Times that others wrote are never compared (as k8s.io/client-go/tools/leaderelection does).
 */
import { type Held, type LeasePort, PortError } from "@kintsugi/core";
import { exchange, jsonOf } from "./ask.ts";
import { FIELD_MANAGER } from "./mutate.ts";
import { failureOf, parseStatus, portError } from "./status.ts";
import type { HttpReply, Transport } from "./transport.ts";

export interface LeaseOptions {
  /** Unique to this process: a second process with the same one would share the Lease. */
  readonly identity: string;
  /** Default `kintsugi`. */
  readonly namespace?: string;
  /** Default `kintsugi`. */
  readonly name?: string;
  /** Whole seconds; default 15,000. */
  readonly durationMs?: number;
  /** How long acts wait after another store held the Lease: the longest budget window. Default one hour. */
  readonly budgetWindowMs?: number;
  /** Creates the namespace where it is missing and that is allowed. Default false. */
  readonly createNamespace?: boolean;
  /** Highest epoch that the store knows: a Lease that was deleted starts again above it. Default 0. */
  readonly epochAbove?: () => number;
}

interface LeaseTiming {
  /** Wall clock: what `actFrom` and the Lease's own times are written in. */
  readonly now: () => number;
  /** Never steps; tells how long a foreign Lease has not changed. */
  readonly monotonic: () => number;
  readonly requestTimeoutMs: number;
}

export const STORE_ANNOTATION = "kintsugi.dev/store";
/** Since when the store named beside it may act, RFC 3339; keeps the waiting time across a restart. */
export const ACT_FROM_ANNOTATION = "kintsugi.dev/act-from";

/** The parts of the object that are read; the rest is written back as it was. */
interface LeaseObject {
  readonly metadata?: { readonly resourceVersion?: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec?: {
    readonly holderIdentity?: string;
    readonly leaseDurationSeconds?: number;
    readonly leaseTransitions?: number;
    readonly acquireTime?: string;
  };
}

const MAX_FOREIGN_SECONDS = 3600;
const CONFLICT_ATTEMPTS = 3;

export class Lease implements LeasePort {
  readonly #transport: Transport;
  readonly #timing: LeaseTiming;
  readonly #options: Required<LeaseOptions>;
  readonly #path: string;
  /** The Lease as we wrote it last, while nothing says that it changed. */
  #mine: LeaseObject | undefined;
  #actFrom = 0;
  #seen: { readonly version: string; readonly at: number } | undefined;
  #holding: Promise<Held> | undefined;

  constructor(transport: Transport, options: LeaseOptions, timing: LeaseTiming) {
    this.#transport = transport;
    this.#timing = timing;
    this.#options = {
      namespace: "kintsugi",
      name: "kintsugi",
      durationMs: 15_000,
      budgetWindowMs: 3_600_000,
      createNamespace: false,
      epochAbove: () => 0,
      ...options,
    };
    this.#path = `/apis/coordination.k8s.io/v1/namespaces/${encodeURIComponent(this.#options.namespace)}/leases`;
  }

  hold(storeId: string): Promise<Held> {
    this.#holding ??= this.#hold(storeId).finally(() => {
      this.#holding = undefined;
    });
    return this.#holding;
  }

  async release(): Promise<void> {
    const mine = this.#mine;
    this.#mine = undefined;
    if (mine === undefined) return;
    const released = { ...mine, spec: { ...mine.spec, holderIdentity: "", leaseDurationSeconds: 1, renewTime: this.#time() } };
    const reply = await this.#send("PUT", `${this.#path}/${this.#options.name}`, released);
    // Somebody else has it already, or it was deleted: it is released.
    if (reply.status !== 409 && reply.status !== 404) expectSuccess(reply);
  }

  async #hold(storeId: string): Promise<Held> {
    for (let attempt = 0; attempt < CONFLICT_ATTEMPTS; attempt++) {
      const askedAt = this.#timing.now();
      const mine = this.#mine;
      // Until this request is answered it is not known what the Lease is.
      this.#mine = undefined;
      const current = mine ?? (await this.#read());
      if (current === undefined) {
        const made = await this.#create(storeId, askedAt);
        if (made !== undefined) return made;
        continue;
      }
      const holder = current.spec?.holderIdentity ?? "";
      if (mine === undefined && holder !== "" && holder !== this.#options.identity && !this.#isExpired(current)) return { type: "other", holder };
      const held = await this.#write(current, storeId, askedAt);
      if (held !== undefined) return held;
    }
    throw portError("conflict", `the Lease ${this.#options.namespace}/${this.#options.name} keeps changing while it is written`);
  }

  async #read(): Promise<LeaseObject | undefined> {
    const reply = await exchange(
      this.#transport,
      { method: "GET", path: `${this.#path}/${this.#options.name}`, timeoutMs: this.#timing.requestTimeoutMs },
      "read",
    );
    if (reply.status === 404) return undefined;
    expectSuccess(reply);
    return jsonOf(reply, "read") as LeaseObject;
  }

  /** Undefined when somebody else created it in between. */
  async #create(storeId: string, askedAt: number): Promise<Held | undefined> {
    this.#actFrom = askedAt;
    const lease = {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name: this.#options.name, namespace: this.#options.namespace, annotations: { [STORE_ANNOTATION]: storeId } },
      spec: this.#spec(Math.max(0, this.#options.epochAbove()) + 1, undefined),
    };
    let reply = await this.#send("POST", this.#path, lease);
    if (reply.status === 404) {
      await this.#makeNamespace();
      reply = await this.#send("POST", this.#path, lease);
    }
    return this.#accept(reply);
  }

  async #makeNamespace(): Promise<void> {
    const { namespace, createNamespace } = this.#options;
    if (!createNamespace) {
      throw portError("gone", `namespace "${namespace}" does not exist, so there is no place for the Lease; create it: kubectl create namespace ${namespace}`);
    }
    const reply = await this.#send("POST", "/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    if (reply.status !== 409) expectSuccess(reply);
  }

  /** Takes or renews by replacing exactly the version that was read. Undefined when it changed in between. */
  async #write(current: LeaseObject, storeId: string, askedAt: number): Promise<Held | undefined> {
    const ours = current.spec?.holderIdentity === this.#options.identity;
    const before = current.spec?.leaseTransitions ?? 0;
    const epoch = ours ? before : Math.max(before, this.#options.epochAbove()) + 1;
    const annotations: Record<string, string> = { ...current.metadata?.annotations };
    if (!ours || annotations[STORE_ANNOTATION] !== storeId) this.#actFrom = this.#actFromAfter(current, storeId, askedAt);
    if (this.#actFrom > askedAt) annotations[ACT_FROM_ANNOTATION] = new Date(this.#actFrom).toISOString();
    else delete annotations[ACT_FROM_ANNOTATION];
    annotations[STORE_ANNOTATION] = storeId;
    const next = { ...current, metadata: { ...current.metadata, annotations }, spec: this.#spec(epoch, ours ? current.spec?.acquireTime : undefined) };
    return this.#accept(await this.#send("PUT", `${this.#path}/${this.#options.name}`, next));
  }

  /** Another store's acts are not in our ledger, so our budgets do not know them until their window has passed. */
  #actFromAfter(previous: LeaseObject, storeId: string, askedAt: number): number {
    const store = previous.metadata?.annotations?.[STORE_ANNOTATION];
    const latest = askedAt + this.#options.budgetWindowMs;
    if (store === storeId) {
      const noted = Date.parse(previous.metadata?.annotations?.[ACT_FROM_ANNOTATION] ?? "");
      return Number.isNaN(noted) ? askedAt : Math.min(Math.max(noted, askedAt), latest);
    }
    // A Lease that nobody has held yet (made by hand or by a chart) has no store to wait for.
    const unused = store === undefined && (previous.spec?.holderIdentity ?? "") === "" && (previous.spec?.leaseTransitions ?? 0) === 0;
    return unused ? askedAt : latest;
  }

  #accept(reply: HttpReply): Held | undefined {
    if (reply.status === 409) return undefined;
    expectSuccess(reply);
    this.#mine = jsonOf(reply, "write") as LeaseObject;
    return {
      type: "held",
      epoch: this.#mine.spec?.leaseTransitions ?? 0,
      forMs: this.#options.durationMs,
      actFrom: this.#actFrom,
    };
  }

  #isExpired(lease: LeaseObject): boolean {
    const version = lease.metadata?.resourceVersion ?? "";
    const at = this.#timing.monotonic();
    if (this.#seen?.version !== version) {
      this.#seen = { version, at };
      return false;
    }
    const theirs = Math.min(lease.spec?.leaseDurationSeconds ?? 0, MAX_FOREIGN_SECONDS) * 1000;
    return at - this.#seen.at >= Math.max(theirs, this.#options.durationMs);
  }

  #spec(epoch: number, acquireTime: string | undefined) {
    const now = this.#time();
    return {
      holderIdentity: this.#options.identity,
      leaseDurationSeconds: Math.ceil(this.#options.durationMs / 1000),
      acquireTime: acquireTime ?? now,
      renewTime: now,
      leaseTransitions: epoch,
    };
  }

  /** MicroTime, as the API writes it. For people only. */
  #time(): string {
    return new Date(this.#timing.now()).toISOString().replace("Z", "000Z");
  }

  #send(method: "POST" | "PUT", path: string, body: unknown): Promise<HttpReply> {
    const request = { method, path: `${path}?fieldManager=${FIELD_MANAGER}`, body, timeoutMs: this.#timing.requestTimeoutMs, write: true } as const;
    return exchange(this.#transport, request, "write");
  }
}

function expectSuccess(reply: HttpReply): void {
  if (reply.status < 200 || reply.status >= 300) throw new PortError(failureOf(parseStatus(reply), "write"));
}
