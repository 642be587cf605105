/** What routes work with. */

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Command, CommandReply } from "@kintsugi/core";
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Access } from "../access/access.ts";
import { askerOf, type Caller } from "../access/caller.ts";
import type { Ledger } from "../adapters/ledger.ts";
import type { Advisor } from "../advisor/advisor.ts";
import type { Configured } from "../answers/settings.ts";
import type { EngineFacade } from "../engine-facade.ts";
import type { ModelCatalogue } from "../models/catalogue.ts";
import { HttpProblem, type Obeyed, obeyed } from "./problem.ts";
import { budgetOf } from "./record-budget.ts";

export interface ApiContext {
  readonly access: Access;
  readonly engine: EngineFacade;
  readonly ledger: Ledger;
  /** Wall clock, ms. */
  readonly now: () => number;
  readonly newId: () => string;
  /** Models that can be asked about rows of numbers; none when undefined. */
  readonly models?: ModelCatalogue;
  /** A model that may write about incidents; none when undefined. */
  readonly advisor?: Advisor;
  /** What else the process was started with, for people; the generated tokens alone when undefined. */
  readonly started?: Pick<Configured, "methods" | "webhook">;
}

export type App = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypeProvider>;

const ANSWER_WITHIN_MS = 20_000;

/** Passes a command to the engine. Throws HttpProblem when it is refused, or when the engine does not answer in time. */
export async function command(engine: EngineFacade, given: Command, caller: Caller): Promise<Obeyed> {
  budgetOf(engine).spend(given, caller);
  return answered(engine.command(given, askerOf(caller)));
}

/** The engine's answer, as long as it comes in time. Throws HttpProblem. */
export async function answered(reply: Promise<CommandReply>): Promise<Obeyed> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const problem = new HttpProblem(503, "the engine has not answered; the command may still be carried out, look before you repeat it", {
      code: "ENGINE_SILENT",
    });
    timer = setTimeout(() => reject(problem), ANSWER_WITHIN_MS);
  });
  try {
    return obeyed(await Promise.race([reply, late]));
  } finally {
    clearTimeout(timer);
  }
}
