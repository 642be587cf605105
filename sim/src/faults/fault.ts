/** One way for a cluster to break, with the truth about it. */
import type { Ref } from "@kintsugi/core";
import type { Random } from "../random.ts";
import type { Stage } from "../scenario/stage.ts";

export interface Fault {
  /** Kebab-case, the name of its file. */
  readonly id: string;
  readonly title: string;
  /** Failure modes that are right answers, the best first. */
  readonly truth: readonly string[];
  /** Actions of which each would heal it, where policy allows it; empty when only people or time can. */
  readonly healedBy: readonly string[];
  /** Breaks something now. Undefined when the cluster has nothing fit for it. */
  inject(stage: Stage, random: Random): Injection | undefined;
}

export interface Injection {
  /** What the incident is about: root owner, node, Service or quota's namespace. */
  readonly subject: Ref;
  /** Everything that this fault may rightly be reported on, the subject included: owners, Services, nodes. */
  readonly targets: readonly Ref[];
  /** When it ends by itself, ms; absent when it does not. */
  readonly endsAt?: number;
  /** True when nothing is left to heal, by the state of the world. */
  isOver(): boolean;
}
