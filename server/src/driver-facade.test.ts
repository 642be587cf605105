import { Driver, PolicySpec, policyOf } from "@kintsugi/core";
import { actPolicy } from "@kintsugi/sim";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openSqliteLedger } from "./adapters/sqlite/store.ts";
import { Play } from "./demo/play.ts";
import { facadeOf } from "./driver-facade.ts";
import type { EngineFacade } from "./engine-facade.ts";

const ADA = { type: "person", name: "ada", proven: true } as const;
const [FIRST, QUIET, LOUD] = [actPolicy(), policyOf("quiet", PolicySpec.parse({ mode: "observe" })), policyOf("loud", PolicySpec.parse({ memoryFactor: 2 }))];

let driver: Driver;
let engine: EngineFacade;
/** What became of the documents, in order, with how many policies were recorded by then. */
let kept: string[];
const ledger = openSqliteLedger({ file: ":memory:" });
const recorded = async () => (await ledger.find({ types: ["policy"], order: "oldest-first", limit: 10 })).length;

beforeEach(async () => {
  kept = [];
  const { port: cluster, clock } = new Play({ seed: "facade", faults: [], endless: false, everyMs: 60_000 }).connection;
  driver = new Driver({ cluster: "test", version: "0.1.0", policy: FIRST, ports: { cluster, clock, store: ledger } });
  const policies = {
    prepare: (document: string) => {
      if (document === "too large") throw new Error("the disk is full");
      kept.push(`prepared ${document}`);
      return { commit: () => void kept.push(`committed ${document}`), drop: () => void kept.push(`dropped ${document}`) };
    },
  };
  engine = facadeOf(driver, { version: "0.1.0", startedAt: 0, lastStepAt: () => undefined, sight: { reasonOf: () => undefined }, cluster, policies });
  await driver.start();
});
afterEach(() => driver.stop());

const put = (policy: typeof QUIET, instead: string, by: Parameters<EngineFacade["putPolicy"]>[1] = ADA, document = policy.name) =>
  engine.putPolicy({ policy, document, instead }, by);

it("a policy that is put is kept once it is in force and in the ledger", async () => {
  const before = await recorded();
  expect(await put(QUIET, FIRST.hash)).toMatchObject({ ok: true });
  expect([engine.policy().name, (await recorded()) - before]).toEqual(["quiet", 1]);
  expect(kept).toEqual(["prepared quiet", "committed quiet"]);
});

it("of two that are put over the same one the second is refused, and what is kept is what is in force", async () => {
  const replies = await Promise.all([put(QUIET, FIRST.hash), put(LOUD, FIRST.hash)]);
  expect(replies).toMatchObject([{ ok: true }, { ok: false, code: "conflict" }]);
  expect(engine.policy().name).toBe("quiet");
  expect(kept.at(-1)).toBe("committed quiet");
});

it("one that the engine refuses is not kept, and one that cannot be kept is not put in force; the next is not held up", async () => {
  expect(await put(QUIET, FIRST.hash, { ...ADA, type: "assistant" })).toMatchObject({ ok: false, code: "forbidden" });
  expect(kept).toEqual(["prepared quiet", "dropped quiet"]);
  await expect(put(QUIET, FIRST.hash, ADA, "too large")).rejects.toThrow("the disk is full");
  expect(engine.policy().hash).toBe(FIRST.hash);
  expect(await put(LOUD, FIRST.hash)).toMatchObject({ ok: true });
});
