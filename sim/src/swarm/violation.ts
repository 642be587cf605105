/** A law of the swarm that a run broke, and where. */
export interface Violation {
  readonly law: string;
  readonly detail: string;
}
