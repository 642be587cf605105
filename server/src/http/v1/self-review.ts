/** What the API server says that we may do, and how fast it answers: bounded questions, and the answers kept for a while however many ask. */
import { permissionText } from "@kintsugi/core";
import type { Asked, Reviewed } from "../../answers/health.ts";
import { type Needed, neededPermissions } from "../../answers/needed-permissions.ts";
import type { EngineFacade } from "../../engine-facade.ts";
import { youngAnswer } from "../young-answer.ts";

const REVIEWS_FOR_MS = 60_000;
const QUESTION_FOR_MS = 2_000;
const AT_ONCE = 8;
/** All questions together; what has no answer by then is unknown. */
const WITHIN_MS = 4_000;

export interface SelfReview {
  permissions(): Promise<readonly Reviewed[]>;
  question(): Promise<Asked>;
}

/** `now`: wall clock, ms. */
export function selfReview(engine: Pick<EngineFacade, "cluster" | "view" | "status">, now: () => number): SelfReview {
  return {
    permissions: youngAnswer(REVIEWS_FOR_MS, now, () => reviewAll(engine, neededPermissions(engine.view(), engine.status().authority.type !== "read-only"))),
    question: youngAnswer(QUESTION_FOR_MS, now, async () => {
      const began = performance.now();
      const [first] = await reviewAll(engine, neededPermissions(engine.view(), false).slice(0, 1));
      return { answered: first !== undefined && first.answer !== "unknown", latencyMs: performance.now() - began };
    }),
  };
}

async function reviewAll({ cluster }: Pick<EngineFacade, "cluster">, needed: readonly Needed[]): Promise<readonly Reviewed[]> {
  const answers: Reviewed["answer"][] = needed.map(() => "unknown");
  let next = 0;
  let isLate = false;
  const ask = async (): Promise<void> => {
    while (next < needed.length && !isLate) {
      const index = next++;
      const one = needed[index];
      if (one !== undefined) answers[index] = await cluster.review(one.permission);
    }
  };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      isLate = true;
      resolve();
    }, WITHIN_MS);
  });
  await Promise.race([Promise.all(Array.from({ length: AT_ONCE }, ask)), late]);
  clearTimeout(timer);
  return needed.map(({ permission, critical }, index) => ({ text: permissionText(permission), critical, answer: answers[index] ?? "unknown" }));
}
