/** What a swarm has to reach for the bench to end well. */
import type { Score } from "@kintsugi/sim";

/** Of what policy allows to heal. */
const LEAST_HEALED = 0.95;

/** One sentence for each target that was missed. */
export function missedTargets({ harmed, falseAlarms, healable, healed }: Score, brokenLaws: number): readonly string[] {
  const missed: string[] = [];
  if (brokenLaws > 0) missed.push(`${brokenLaws} laws were broken`);
  if (harmed > 0) missed.push(`${harmed} harmed, where none may be`);
  if (falseAlarms > 0) missed.push(`${falseAlarms} false alarms, where none may be`);
  if (healed < LEAST_HEALED * healable) missed.push(`${healed} of ${healable} healed, less than ${LEAST_HEALED * 100} %`);
  return missed;
}
