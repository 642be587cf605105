/** Stories about engines themselves: told alone and one after the other, since each of them wants the Lease. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Record, Ref } from "@kintsugi/core";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { engineKubeconfig, forgetEngines, freeLease, secondKubeconfig } from "./harness/accounts.ts";
import { ApiProxy, type Stop } from "./harness/api-proxy.ts";
import { AuditLog, accountUser, ENGINE_USER, type Write } from "./harness/audit.ts";
import { type Engine, startEngine } from "./harness/engine.ts";
import { Person, until } from "./harness/person.ts";
import { place } from "./harness/place.ts";
import { Served } from "./harness/served.ts";
import { Stage } from "./harness/stage.ts";
import { keepTimes, type Times, timesOf, timesTable } from "./harness/times.ts";

const here = place();
const person = new Person({ type: "kubeconfig", paths: [here.kubeconfig] });
const folder = mkdtempSync(join(tmpdir(), "kintsugi-engines-"));
const audit = new AuditLog(here.auditLog);
const times: Times[] = [];
let kubeconfig: string;

beforeAll(async () => {
  kubeconfig = await engineKubeconfig(person, here, folder);
});
beforeEach(() => freeLease(person));

afterAll(async () => {
  await forgetEngines(person, here);
  await person.close();
  rmSync(folder, { recursive: true, force: true });
  keepTimes(times);
  console.log(`\n${timesTable(times)}`);
});

/** What the audit log has of a user in the stage's namespace; undefined where there is none. */
function writes(user: string, { namespace }: Stage): readonly Write[] | undefined {
  return audit.sees ? audit.doneBy(user, namespace) : undefined;
}

/** The audit log shows exactly these writes, as `verb resource name`. */
function expectWrites(user: string, stage: Stage, ...expected: readonly string[]): void {
  const seen = writes(user, stage)?.map(({ verb, resource, name }) => `${verb} ${resource} ${name}`);
  if (seen !== undefined) expect(seen).toEqual(expected);
}

async function selects(stage: Stage, service: Ref, app: string): Promise<boolean> {
  return (await stage.get(service))["spec"].selector.app === app;
}

/** Until the write is stopped on its way, somebody at the terminal approves what is proposed. */
async function stopped(stop: Stop, served: Served, subject: Ref): Promise<void> {
  const reached = stop.reached.then(() => "stopped");
  const isStopped = async () => (await Promise.race([reached, Promise.resolve("on its way")])) === "stopped";
  await until(
    `a write is stopped ${stop.where}`,
    async () => {
      if (!(await isStopped())) await served.approveIfAsked(subject);
      return isStopped();
    },
    90_000,
  ).catch(async (error: Error) => {
    throw new Error(`${error.message}; its incident: ${await served.explain(subject)}; it said: ${served.said}`);
  });
}

it("killed with kill -9 before its write arrives, and again before the answer does, it writes exactly once", async () => {
  const proxy = await ApiProxy.to(kubeconfig);
  const options = { kubeconfig: proxy.kubeconfig(kubeconfig, folder), folder: join(folder, "killed"), act: true };
  const started: Served[] = [];
  const start = async () => {
    const served = await Served.start(options);
    started.push(served);
    return served;
  };
  try {
    await Stage.open("kill-9", here, person, async (stage) => {
      const first = await start();
      const deployment = await stage.deploy("cart");
      const service = await stage.serve("cart");
      await stage.well(deployment);
      await until("the good selector is known", () => first.knows(service));
      const path = `/namespaces/${stage.namespace}/services/cart`;

      const before = proxy.stopWrite(path, "before-it-arrives");
      const faultAt = Date.now();
      await stage.patch(service, { spec: { selector: { app: "cart-v2" } } });
      await stopped(before, first, service);
      await first.kill();
      expect(await selects(stage, service, "cart-v2")).toBe(true);
      expectWrites(ENGINE_USER, stage);

      const second = await start();
      const answer = proxy.stopWrite(path, "before-its-answer");
      await stopped(answer, second, service);
      await second.kill();
      expect(await selects(stage, service, "cart")).toBe(true);
      const healedAt = Date.now();

      const third = await start();
      const healed = await until("its incident is resolved", async () => {
        const incident = await third.incident(service);
        return incident?.phase === "resolved" && incident;
      });
      // What did not land is sent again as the same attempt.
      expect(healed).toMatchObject({ how: "healed", attempts: [{ outcome: "helped" }] });
      expect(await selects(stage, service, "cart")).toBe(true);
      expectWrites(ENGINE_USER, stage, "patch services cart");
      const { items: records } = await third.get<{ items: readonly Record[] }>("/records?type=incident&limit=200");
      times.push(timesOf({ story: "kill -9 twice", records, subject: service, faultAt, healedAt, writes: writes(ENGINE_USER, stage) }));
      expect(await third.get("/records/verify")).toMatchObject({ ok: true });
      await third.stop();
    });
  } finally {
    for (const served of started) await served.kill();
    await proxy.close();
  }
});

it("of two engines only one acts, and the other takes over when the first has stopped", async () => {
  const secondConfig = await secondKubeconfig(person, here, folder, "second");
  const engines: Engine[] = [];
  const start = async (identity: string, config: string) => {
    const engine = await startEngine({ kubeconfig: config, identity });
    engines.push(engine);
    return engine;
  };
  try {
    await Stage.open("two-engines", here, person, async (stage) => {
      const first = await start("first", kubeconfig);
      const second = await start("second", secondConfig);
      const deployment = await stage.deploy("cart");
      const services = [await stage.serve("cart"), await stage.serve("basket", "cart")] as const;
      await stage.well(deployment);
      for (const engine of engines) for (const service of services) await engine.knows(service);
      const breaks = (service: Ref) => stage.patch(service, { spec: { selector: { app: "nobody" } } });

      const [cart, basket] = services;
      const brokenAt = Date.now();
      await breaks(cart);
      await until("its selector is restored", () => selects(stage, cart, "cart"));
      const restored = { subject: cart, faultAt: brokenAt, healedAt: Date.now() };
      await first.reaches(cart, "resolved");
      expect(first.incident(cart)).toMatchObject({ how: "healed" });
      // Their clocks go by whole seconds, so the cure of one may come before the other's window is over: then that one had nothing to tell.
      if (second.incident(cart) !== undefined) expect(await second.reaches(cart, "resolved")).toMatchObject({ how: "unaided", attempts: [] });
      expectWrites(ENGINE_USER, stage, "patch services cart");
      expectWrites(accountUser("second"), stage);

      times.push(timesOf({ story: "first of two engines", records: first.records, ...restored, writes: writes(ENGINE_USER, stage) }));

      await first.stop();
      engines.shift();
      const faultAt = Date.now();
      await breaks(basket);
      await until("the other selector is restored", () => selects(stage, basket, "cart"));
      const taken = { subject: basket, faultAt, healedAt: Date.now() };
      expectWrites(ENGINE_USER, stage, "patch services cart");
      expectWrites(accountUser("second"), stage, "patch services basket");
      times.push(timesOf({ story: "second of two, alone", records: second.records, ...taken, writes: writes(accountUser("second"), stage) }));
    });
  } finally {
    for (const engine of engines) await engine.stop();
  }
});
