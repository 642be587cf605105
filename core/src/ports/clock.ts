/** Time as an argument: the wall clock in the product, a virtual one in the simulator. */
export interface ClockPort {
  /** Milliseconds since 1970. May step backwards; the driver never lets the engine see that. */
  now(): number;
  /** Calls back once, not before `at`. Returns a function that cancels. */
  wakeAt(at: number, call: () => void): () => void;
}
