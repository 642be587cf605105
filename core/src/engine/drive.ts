/**
 * The only asynchronous file but for the preflight: feeds inputs to `step` one at a time and performs its effects through the ports.
 *
 * Records of a turn are stored before anything else of that turn is done; while the store cannot be written nothing is done at all. Before
 * anything is written to the cluster the Lease must be held for longer than the request may take, and the pause ConfigMap must be absent.
 */
import type { ConfidenceTable } from "../diagnose/confidence-table.ts";
import type { Asker } from "../model/actor.ts";
import type { Effect } from "../model/effect.ts";
import type { Authority, Command, CommandReply, Input, Outcome } from "../model/input.ts";
import { isPauseConfigMap, PAUSE } from "../model/pause.ts";
import type { Policy } from "../model/policy.ts";
import type { Record } from "../model/record.ts";
import { failureOf, PortError } from "../model/step.ts";
import type { ClockPort } from "../ports/clock.ts";
import type { ClusterPort, LeasePort, Observation } from "../ports/cluster.ts";
import type { NotifierPort } from "../ports/notifier.ts";
import type { RecordDraft, StorePort } from "../ports/store.ts";
import { Inbox, type Waiting } from "./inbox.ts";
import { type LeaseTerm, leftOf, type Moment } from "./lease-term.ts";
import { preflight } from "./preflight.ts";
import { createState, type State } from "./state.ts";
import { step } from "./step.ts";

export interface DriverOptions {
  readonly cluster: string;
  readonly version: string;
  readonly policy: Policy;
  /** Instead of the generated table: for measuring it. */
  readonly confidence?: ConfidenceTable;
  readonly ports: {
    readonly cluster: ClusterPort;
    readonly clock: ClockPort;
    readonly store: StorePort;
    readonly notifier?: NotifierPort;
    /** Without it nothing is ever written: that is `serve` without `--act`. */
    readonly lease?: LeasePort;
  };
  /** The node that this process runs on, if it runs on one. */
  readonly ownNode?: string;
  /** Told of what goes wrong around the loop; texts are redacted by the adapters. */
  readonly onTrouble?: (trouble: string) => void;
  /** What steps are timed with, ms; the clock's `elapsed` by default. */
  readonly stopwatch?: () => number;
  /** Told of every step: its kind of input and how long it took, ms. */
  readonly onStep?: (input: Input["type"], tookMs: number) => void;
}

/** No request to the cluster may take longer; the Lease must outlast it. */
export const REQUEST_MS = 5_000;
const LEASE_EVERY_MS = 3_000;
const STORE_RETRY_MS = 2_000;
/** Wall clock and our own reckoning may differ by this much before it counts as a step. */
const CLOCK_SLACK_MS = 5_000;

export class Driver {
  readonly state: State;
  readonly #options: DriverOptions;
  readonly #inbox = new Inbox();
  readonly #listeners = new Set<(record: Record) => void>();
  #pumping: Promise<void> | undefined;
  #pending = 0;
  #stopWatch: (() => void) | undefined;
  #cancelWake: (() => void) | undefined;
  #cancelLease: (() => void) | undefined;
  #stopped = false;
  #epoch = 0;
  #term: LeaseTerm | undefined;
  /** Acts and questions for the Lease that are not answered yet. */
  readonly #writing = new Set<Promise<unknown>>();
  #timeBase: number;
  /** The server's time has been known: a difference from then on is a step of some clock. */
  #knowsServerTime = false;
  #storeTrouble: string | undefined;
  #idle: (() => void)[] = [];

  constructor(options: DriverOptions) {
    this.#options = options;
    const { clock } = options.ports;
    this.#timeBase = this.#wall() - clock.elapsed();
    this.state = createState({
      cluster: options.cluster,
      policy: options.policy,
      now: this.now(),
      ...(options.ownNode === undefined ? {} : { ownNode: options.ownNode }),
      ...(options.confidence === undefined ? {} : { confidence: options.confidence }),
    });
  }

  /** Rebuilds the state from the ledger, then watches. Rejects when the ledger cannot be read. */
  async start(): Promise<void> {
    const { store, cluster } = this.#options.ports;
    const records = await store.restore();
    this.#epoch = Math.max(0, ...records.map((record) => record.epoch));
    await this.#findServerTime();
    this.#enqueue({ input: { type: "restored", records } });
    this.#enqueue({ input: { type: "policy", policy: this.#options.policy } });
    await this.settled();
    await this.#holdLease();
    if (this.#stopped) return;
    this.#stopWatch = cluster.watch((observations) => this.#observe(observations));
  }

  /** Begins nothing more; what is in flight is looked at again by whoever starts next. Gives the Lease back, unless a step may still land under the next holder. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stopWatch?.();
    this.#cancelWake?.();
    this.#cancelLease?.();
    await this.#pumping;
    await this.#written();
    if (this.#writing.size === 0 && this.#leaseLeft() > 0) await this.#options.ports.lease?.release().catch(() => undefined);
  }

  /** Stops like `kill -9`: no release, no answer; nothing more is performed. */
  crash(): void {
    this.#stopped = true;
    this.#inbox.clear();
    this.#stopWatch?.();
    this.#cancelWake?.();
    this.#cancelLease?.();
  }

  /** Resolves with the engine's answer once what it changes is stored. */
  /** A name alone is a person's own word for who it is. */
  command(command: Command, asker: string | Asker): Promise<CommandReply> {
    const by: Asker = typeof asker === "string" ? { type: "person", name: asker, proven: false } : asker;
    return new Promise((reply) => this.#enqueue({ input: { type: "command", command, by }, reply }));
  }

  /** Resolves with the engine's answer once the change and who made it are stored. */
  setPolicy(policy: Policy, by: Asker): Promise<CommandReply> {
    return new Promise((reply) => this.#enqueue({ input: { type: "policy", policy, by }, reply }));
  }

  /** Called for each record once it is stored. Returns a function that ends it. */
  onRecord(listener: (record: Record) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The engine's time: the API server's clock (the host's until that is known), but it moves only as a monotonic clock does until a step is noticed. */
  now(): number {
    return this.#timeBase + this.#options.ports.clock.elapsed();
  }

  /** What stops the loop from writing records now, if anything. */
  get storeTrouble(): string | undefined {
    return this.#storeTrouble;
  }

  /** Resolves when no input waits and no effect is out. */
  settled(): Promise<void> {
    if (this.#inbox.isEmpty && this.#pending === 0 && this.#pumping === undefined) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #observe(observations: readonly Observation[]): void {
    if (this.#stopped) return;
    this.#inbox.observe(observations);
    this.#pumping ??= this.#pump();
  }

  #enqueue(waiting: Waiting): void {
    if (this.#stopped) return;
    this.#inbox.add(waiting);
    this.#pumping ??= this.#pump();
  }

  async #pump(): Promise<void> {
    // Inputs that arrive in the same moment are seen together.
    await undefined;
    for (let next = this.#inbox.next(); next !== undefined && !this.#stopped; next = this.#inbox.next()) {
      await this.#checkClock();
      await this.#turn(next);
    }
    this.#pumping = undefined;
    this.#wakeIdle();
  }

  #wall(): number {
    const { cluster, clock } = this.#options.ports;
    return cluster.serverTime() ?? clock.now();
  }

  /** What the ledger holds is dated by the server's clock, so that is asked for first; one answer of any kind tells it. */
  async #findServerTime(): Promise<void> {
    const { cluster, clock } = this.#options.ports;
    if (cluster.serverTime() === undefined) await cluster.read(PAUSE).catch(() => undefined);
    this.#knowsServerTime = cluster.serverTime() !== undefined;
    this.#timeBase = this.#wall() - clock.elapsed();
    this.state.now = this.now();
  }

  async #checkClock(): Promise<void> {
    const byMs = this.#wall() - this.now();
    const found = !this.#knowsServerTime && this.#options.ports.cluster.serverTime() !== undefined;
    this.#knowsServerTime ||= found;
    if (Math.abs(byMs) < CLOCK_SLACK_MS) return;
    this.#timeBase += byMs;
    this.#trouble(found ? `this host's clock is off by ${Math.round(-byMs / 1000)} s` : `the clock stepped by ${Math.round(byMs / 1000)} s`);
    await this.#turn({ input: { type: "clock-stepped", byMs, found } });
  }

  async #turn({ input, reply }: Waiting): Promise<void> {
    const { stopwatch = () => this.#options.ports.clock.elapsed() } = this.#options;
    const began = stopwatch();
    const effects = step(this.state, input, this.now());
    this.#options.onStep?.(input.type, stopwatch() - began);
    await this.#store(effects);
    if (this.#stopped) return;
    for (const effect of effects) this.#perform(effect, reply);
  }

  /** Stores the turn's records, however long the store takes to be writable again. Until then nothing goes on. */
  async #store(effects: readonly Effect[]): Promise<void> {
    const at = this.state.now;
    const drafts: RecordDraft[] = [];
    for (const effect of effects) {
      if (effect.type !== "record") continue;
      const { cluster, version } = this.#options;
      drafts.push({ at, cluster, actor: effect.actor, policyHash: this.state.policy.hash, version, epoch: this.#epoch, body: effect.body });
    }
    while (drafts.length > 0 && !this.#stopped) {
      try {
        const records = await this.#options.ports.store.append(drafts);
        this.#storeTrouble = undefined;
        for (const record of records) for (const listener of this.#listeners) listener(record);
        return;
      } catch (error) {
        if (!(error instanceof PortError)) throw error;
        this.#storeTrouble = error.failure.message;
        this.#trouble(`the ledger cannot be written, so nothing is done: ${error.failure.message}`);
        if (error.failure.kind === "denied") return this.crash();
        await this.#sleep(STORE_RETRY_MS);
      }
    }
  }

  #sleep(ms: number): Promise<void> {
    const { clock } = this.#options.ports;
    return new Promise((resolve) => clock.wakeAt(clock.now() + ms, resolve));
  }

  #perform(effect: Effect, reply: ((reply: CommandReply) => void) | undefined): void {
    switch (effect.type) {
      case "record":
        return;
      case "reply":
        reply?.(effect.reply);
        return;
      case "wake":
        this.#wake(effect.at);
        return;
      case "notify":
        this.#background(this.#options.ports.notifier?.notify(effect.notice), "notification");
        return;
      case "announce":
        if (this.#mayWrite()) this.#background(this.#options.ports.cluster.announce(effect.target, effect.event), "event");
        return;
      case "apply":
        this.#outcome(effect.id, this.#write(this.#apply(effect)));
        return;
      case "look":
        this.#outcome(effect.id, this.#look(effect));
        return;
      case "preflight":
        this.#outcome(effect.id, preflight(this.#options.ports.cluster, effect));
        return;
    }
  }

  async #apply({ step: mutation }: Extract<Effect, { type: "apply" }>): Promise<Outcome> {
    const fence = await this.#fence();
    if (fence !== undefined) return { type: "fenced", reason: fence };
    const object = await this.#options.ports.cluster.apply(mutation, { dryRun: false });
    return object === undefined ? { type: "applied" } : { type: "applied", object };
  }

  async #look({ ref }: Extract<Effect, { type: "look" }>): Promise<Outcome> {
    const object = await this.#options.ports.cluster.read(ref);
    return object === undefined ? { type: "looked" } : { type: "looked", object };
  }

  /** Why nothing may be written now; undefined when it may. */
  async #fence(): Promise<string | undefined> {
    if (!this.#mayWrite()) return "the Lease is not held for long enough";
    try {
      const pause = await this.#options.ports.cluster.read(PAUSE);
      if (isPauseConfigMap(pause)) return "the ConfigMap kintsugi-pause is there";
    } catch (error) {
      return `cannot tell whether it is paused: ${failureOf(error).message}`;
    }
    return this.#mayWrite() ? undefined : "the Lease ran out";
  }

  #mayWrite(): boolean {
    const { authority } = this.state;
    return !this.#stopped && authority.type === "leading" && this.#leaseLeft() > REQUEST_MS;
  }

  #moment(): Moment {
    const { cluster, clock } = this.#options.ports;
    return { elapsed: clock.elapsed(), wall: clock.now(), server: cluster.serverTime() };
  }

  #leaseLeft(): number {
    return this.#term === undefined ? 0 : leftOf(this.#term, this.#moment());
  }

  #write<T>(work: Promise<T>): Promise<T> {
    this.#writing.add(work);
    const done = (): boolean => this.#writing.delete(work);
    work.then(done, done);
    return work;
  }

  /** Resolves when nothing is being written, or after the time that a request may take. */
  #written(): Promise<void> {
    const { clock } = this.#options.ports;
    return new Promise((resolve) => {
      const cancel = clock.wakeAt(clock.now() + REQUEST_MS, resolve);
      void Promise.allSettled(this.#writing).then(() => {
        cancel();
        resolve();
      });
    });
  }

  #outcome(effect: string, result: Promise<Outcome>): void {
    this.#pending += 1;
    result
      .catch((error: unknown): Outcome => ({ type: "failed", failure: failureOf(error) }))
      .then((outcome) => {
        this.#pending -= 1;
        this.#enqueue({ input: { type: "outcome", effect, outcome } });
        this.#wakeIdle();
      })
      .catch((error: unknown) => this.#trouble(String(error)));
  }

  #background(work: Promise<void> | undefined, what: string): void {
    work?.catch((error: unknown) => this.#trouble(`${what} failed: ${failureOf(error).message}`));
  }

  #wake(at: number): void {
    this.#cancelWake?.();
    this.#cancelWake = undefined;
    if (!Number.isFinite(at)) return;
    const { clock } = this.#options.ports;
    // The host's clock may differ from the engine's time: what is meant is a wait of so long.
    this.#cancelWake = clock.wakeAt(clock.now() + (at - this.now()), () => this.#enqueue({ input: { type: "tick" } }));
  }

  async #holdLease(): Promise<void> {
    const { lease, clock } = this.#options.ports;
    if (lease === undefined || this.#stopped) return;
    this.#pending += 1;
    await this.#write(this.#askFor(lease));
    this.#pending -= 1;
    if (!this.#stopped) this.#cancelLease = clock.wakeAt(clock.now() + LEASE_EVERY_MS, () => void this.#holdLease());
    this.#wakeIdle();
  }

  async #askFor(lease: LeasePort): Promise<void> {
    const askedAt = this.#moment();
    try {
      const held = await lease.hold(this.#options.ports.store.id);
      if (held.type === "held") {
        this.#term = { askedAt, forMs: held.forMs };
        this.#epoch = Math.max(this.#epoch, held.epoch);
        this.#authority({ type: "leading", epoch: held.epoch, actFrom: held.actFrom });
      } else {
        this.#term = undefined;
        this.#authority({ type: "waiting", reason: `${held.holder} holds the Lease` });
      }
    } catch (error) {
      if (this.#leaseLeft() <= 0) this.#authority({ type: "waiting", reason: `the Lease cannot be had: ${failureOf(error).message}` });
    }
  }

  #authority(authority: Authority): void {
    const now = this.state.authority;
    const same = JSON.stringify(now) === JSON.stringify(authority);
    if (!same) this.#enqueue({ input: { type: "authority", authority } });
  }

  #trouble(text: string): void {
    this.#options.onTrouble?.(text);
  }

  #wakeIdle(): void {
    if (!this.#inbox.isEmpty || this.#pending > 0 || this.#pumping !== undefined) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}
