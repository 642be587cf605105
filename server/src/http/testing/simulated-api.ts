/** A simulated shop in which one fault was played, and questions to its API that are answered in JSON. */
import type { Record, Ref } from "@kintsugi/core";
import type { EngineFacade } from "../../engine-facade.ts";
import { type SimulatedOptions, type SimulatedPlatform, simulatedPlatform } from "../../testing/simulated-platform.ts";

const MINUTE_MS = 60_000;

export interface SimulatedAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
  readonly json: any;
}

export interface SimulatedApi {
  readonly platform: SimulatedPlatform;
  readonly engine: EngineFacade;
  /** What the fault was played on. */
  readonly subject: Ref;
  /** Virtual time passes. */
  pass(minutes: number): Promise<void>;
  ask(
    method: "GET" | "POST" | "PUT" | "PATCH",
    path: string,
    given?: { readonly body?: object; readonly token?: string; readonly headers?: Readonly<{ [name: string]: string }> },
  ): Promise<SimulatedAnswer>;
  /** Every record so far, oldest first. */
  records(): Promise<readonly Record[]>;
  /** A workload in which nothing is wrong. */
  well(): Ref;
  close(): Promise<void>;
}

/** As a policy that asks before every act. */
export const ASKS: SimulatedOptions["policy"] = { rules: [] };
export const OBSERVES: SimulatedOptions["policy"] = { mode: "observe", rules: [] };

/** `fault`: id of one of the simulator's faults, played once all is well. */
export async function simulatedApi(fault: string, policy: SimulatedOptions["policy"] = ASKS): Promise<SimulatedApi> {
  const platform = await simulatedPlatform({ seed: "api", faults: [fault], ...(policy === undefined ? {} : { policy }) });
  const subject = platform.play.parts[0]?.injection.subject;
  if (subject === undefined) throw new Error(`the shop is not fit for the fault ${fault}`);
  return {
    ...{ platform, subject, engine: platform.opened.platform.engine },
    pass: (minutes) => platform.pass(minutes * MINUTE_MS),
    ask: async (method, path, { body, token = platform.token, headers } = {}) => {
      const all = { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers };
      const response = await platform.ask(path, { method, headers: all, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
      return { status: response.status, json: await response.json() };
    },
    records: () => platform.opened.records(),
    well: () => {
      const found = platform.play.stage.apps.find(({ ref }) => ref.kind === "Deployment" && ref.name !== subject.name);
      if (found === undefined) throw new Error("the shop has one application alone");
      return found.ref;
    },
    close: async () => platform[Symbol.asyncDispose](),
  };
}
