/** Threads that compute the parts of a training over shared memory. Which thread computed a part leaves no trace: each part has its place, and all read all of them. */
import type { Team } from "../src/multivariate/lstm-training.ts";

/** Memory that all threads of one training see. */
export interface TeamMemory {
  /** [ticket, arrived, generation] */
  readonly control: Int32Array;
  /** Two places for shared numbers, used in turn: nobody writes into what another one may still read. */
  readonly values: readonly [Float64Array, Float64Array];
}

const TICKET = 0;
const ARRIVED = 1;
const GENERATION = 2;

/** `numbers`: how many a team shares at most. */
export function createTeamMemory(numbers: number): TeamMemory {
  const values = (): Float64Array => new Float64Array(new SharedArrayBuffer(numbers * Float64Array.BYTES_PER_ELEMENT));
  return { control: new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT)), values: [values(), values()] };
}

/** One of `members` threads. It blocks where it has to wait for the others: not for the main thread. */
export function joinTeam({ control, values }: TeamMemory, members: number): Team {
  let calls = 0;
  /** The first ticket of the call; tickets are numbered through all calls, so that one drawn too early is the first of the next call. */
  let base = 0;
  let ticket = Atomics.add(control, TICKET, 1);
  return {
    share(parts, stride, compute) {
      const shared = values[(calls++ & 1) as 0 | 1];
      for (; ticket < base + parts; ticket = Atomics.add(control, TICKET, 1)) {
        const at = (ticket - base) * stride;
        shared.fill(0, at, at + stride);
        compute(ticket - base, shared, at);
      }
      base += parts;
      waitForAll(control, members);
      return shared;
    },
  };
}

/** Returns in each thread when the last one has come. */
function waitForAll(control: Int32Array, members: number): void {
  const generation = Atomics.load(control, GENERATION);
  if (Atomics.add(control, ARRIVED, 1) + 1 === members) {
    Atomics.store(control, ARRIVED, 0);
    Atomics.add(control, GENERATION, 1);
    Atomics.notify(control, GENERATION);
    return;
  }
  while (Atomics.load(control, GENERATION) === generation) Atomics.wait(control, GENERATION, generation);
}
