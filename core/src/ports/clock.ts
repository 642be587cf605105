/** Time as an argument: the wall clock in the product, a virtual one in the simulator. */
export interface ClockPort {
  /** Milliseconds since 1970. May step either way; the driver never lets the engine see it go back. */
  now(): number;
  /** Milliseconds since some moment in the past; never steps. */
  elapsed(): number;
  /** Calls back once, not before `at`. Returns a function that cancels. */
  wakeAt(at: number, call: () => void): () => void;
}
