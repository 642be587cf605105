/**
 * What a kubelet says of a container, which is not what happens: a pod's status is made at the beginning of a pass over it. Starts and ends show with
 * the first pass after they were seen, and why a pass could not go on shows with the next one.
 */
import type { Container, ContainerState, ContainerStatus } from "@kintsugi/core";

type Terminated = NonNullable<ContainerState["terminated"]>;

/** What the kubelet knows beside how the container last ended and what it waits for. */
export interface Known {
  readonly ready: boolean;
  readonly restartCount: number;
  readonly isRunning: boolean;
  readonly hasStarted: boolean;
  readonly startedAt: string;
}

interface Reason {
  readonly reason: string;
  readonly message: string;
}

/** How a container ended of which nothing is found when its pod ends (status_manager.go TerminatePod). */
export const NEVER_FOUND = "ContainerStatusUnknown";
const NOT_FOUND = { reason: NEVER_FOUND, exitCode: 137, message: "The container could not be located when the pod was terminated" };
/** Of what never began. */
export const NEVER = "1970-01-01T00:00:00Z";

export class ShownState {
  readonly #spec: Container;
  /** It says something that was not reported. */
  isDirty = true;
  #status: ContainerStatus;
  #waiting: Reason | undefined;
  /** Why the last pass could not go on. */
  #verdict: Reason | undefined;
  #ended: Terminated | undefined;
  #endedBefore: Terminated | undefined;

  constructor(spec: Container, waitingReason: string) {
    this.#spec = spec;
    this.#waiting = { reason: waitingReason, message: "" };
    this.#status = this.#look({ ready: false, restartCount: 0, isRunning: false, hasStarted: false, startedAt: NEVER });
  }

  /** As of the last pass. */
  get status(): ContainerStatus {
    return this.#status;
  }

  /** How it last ended, shown or not. */
  get ended(): Terminated | undefined {
    return this.#ended;
  }

  /** What it waits for from the next pass on. */
  waitsFor(reason: string, message: string): void {
    this.#verdict = { reason, message };
  }

  /** It has ended, and waits for nothing. */
  end(ended: Terminated): void {
    this.#endedBefore = this.#ended;
    this.#ended = ended;
    this.#waiting = undefined;
  }

  /** A pass begins. */
  pass(known: Known): void {
    if (this.#verdict !== undefined) this.#waiting = this.#verdict;
    this.#verdict = undefined;
    this.#status = this.#look(known);
    this.isDirty = true;
  }

  /** The pod ends: what never ran is not to be found. */
  close(): void {
    const terminated = this.#ended ?? { ...NOT_FOUND, startedAt: NEVER, finishedAt: NEVER };
    this.#status = { ...this.#status, ready: false, started: false, state: { terminated }, lastState: {} };
  }

  /** `image` and the last state are those of the process that runs or ran last. */
  #look({ ready, restartCount, isRunning, hasStarted, startedAt }: Known): ContainerStatus {
    const { name, image } = this.#spec;
    const states = isRunning ? { state: { running: { startedAt } }, lastState: endedAs(this.#ended) } : this.#idle();
    return { name, ready, started: hasStarted, restartCount, image, ...states };
  }

  #idle(): { readonly state: ContainerState; readonly lastState: ContainerState } {
    if (this.#waiting !== undefined) return { state: { waiting: this.#waiting }, lastState: endedAs(this.#ended) };
    return { state: endedAs(this.#ended), lastState: endedAs(this.#endedBefore) };
  }
}

function endedAs(ended: Terminated | undefined): ContainerState {
  return ended === undefined ? {} : { terminated: ended };
}
