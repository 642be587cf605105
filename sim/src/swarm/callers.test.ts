/** Stories of callers in the shop: what one application takes from others is one incident, and no truth calls its callers broken or well. */
import { Driver, type Incident, type Ref, refKey } from "@kintsugi/core";
import { MemoryStore } from "@kintsugi/core/testing";
import { expect, test } from "vitest";
import { createRandom } from "../random.ts";
import { isWell, type Stage, somebody } from "../scenario/stage.ts";
import { buildShop } from "../shop.ts";
import { talliesOf } from "./calibrate.ts";
import { actPolicy } from "./kintsugi.ts";
import type { Run } from "./run.ts";
import { scoreRun } from "./score.ts";

const MINUTE_MS = 60_000;
const PAYMENT = { kind: "Deployment", namespace: "payments", name: "payment" } as const;
const CHECKOUT = { kind: "Deployment", namespace: "shop", name: "checkout" } as const;
const CART = { kind: "Deployment", namespace: "shop", name: "cart" } as const;
const FRONTEND = { kind: "Deployment", namespace: "shop", name: "frontend" } as const;

class Watched {
  readonly stage: Stage = buildShop("callers");
  readonly store = new MemoryStore();
  readonly #driver: Driver;

  constructor() {
    const { port, clock } = this.stage.cluster.connect();
    this.#driver = new Driver({ cluster: "sim", version: "test", policy: actPolicy({ mode: "observe" }), ports: { cluster: port, clock, store: this.store } });
  }

  async open(): Promise<void> {
    this.stage.cluster.timeline.advanceTo(this.stage.cluster.timeline.now() + 10 * MINUTE_MS);
    await this.#driver.start();
    await this.wait(10);
  }

  async wait(minutes: number): Promise<void> {
    const { cluster } = this.stage;
    await cluster.run(cluster.timeline.now() + minutes * MINUTE_MS, () => this.#driver.settled());
  }

  incidents(): readonly Incident[] {
    return [...this.#driver.state.incidents.values()];
  }

  names(): readonly string[] {
    return this.incidents().map((incident) => incident.subject.name);
  }

  why(ref: Ref): string | undefined {
    return this.#driver.state.correlation.explanationOf(ref)?.why;
  }

  stop(): Promise<void> {
    return this.#driver.stop();
  }
}

/** The run as if a fault without a mode had been played on the subject. */
function runOf(watched: Watched, subject: Ref, at: number): Run {
  const injection = { subject, targets: [subject], isOver: () => false };
  const fault = { id: "gone", title: "", truth: ["scaled-to-zero"], healedBy: [], inject: () => undefined };
  const { stage, store } = watched;
  const now = stage.cluster.timeline.now();
  const played = [{ fault, injection, at, overAt: undefined }];
  const run = {
    seed: "0",
    contender: "",
    began: at,
    ended: now,
    stage,
    played,
    scenes: [],
    incidents: watched.incidents(),
    records: store.records,
    writes: [],
  };
  return run as unknown as Run;
}

test("an application that is scaled away takes its caller with it: one incident, about the one that is gone, from the beginning to the end", async () => {
  const shop = new Watched();
  await shop.open();
  const { stage } = shop;
  const at = stage.cluster.timeline.now();
  const person = somebody(stage, createRandom("callers"));
  person.scale(PAYMENT, 0);
  await shop.wait(20);
  expect(isWell(stage, CHECKOUT)).toBe(false);
  expect(shop.names()).toEqual(["payment"]);
  expect(shop.why(CHECKOUT)).toMatch(/^checkout calls payments\/payment \(env PAYMENT_URL\), which has no ready pod since \d\d:\d\d UTC$/);
  // The caller is ill, and neither harmed nor a case of nothing being wrong.
  expect(scoreRun(runOf(shop, PAYMENT, at))).toMatchObject({ harmed: 0, falseAlarms: 0 });
  person.scale(PAYMENT, 3);
  await shop.wait(20);
  expect(isWell(stage, CHECKOUT)).toBe(true);
  expect(shop.names()).toEqual(["payment"]);
  expect(shop.incidents()[0]?.phase).toBe("resolved");
  await shop.stop();
});

test("a store that crashes takes a chain of callers with it; with the store well again they are well", async () => {
  const shop = new Watched();
  await shop.open();
  const { stage } = shop;
  const { world, timeline } = stage.cluster;
  const image = "registry.shop.example/data/redis-cart:7.2.4";
  const does = world.images.get(image);
  if (does === undefined) throw new Error("no such image");
  const exits = [{ when: { type: "fact", name: "corrupt" }, afterMs: 4_000, code: 1, log: "corrupt" } as const];
  world.images.publish(image, { ...does, exits });
  world.facts.set("corrupt", timeline.now());
  await shop.wait(15);
  expect([CART, FRONTEND].map((ref) => isWell(stage, ref))).toEqual([false, false]);
  expect(shop.names()).toEqual(["redis-cart"]);
  expect(shop.why(FRONTEND)).toContain("frontend calls cart (env CART_ADDR)");
  world.facts.clear("corrupt");
  await shop.wait(20);
  expect([CART, FRONTEND].map((ref) => isWell(stage, ref))).toEqual([true, true]);
  expect(shop.names()).toEqual(["redis-cart"]);
  await shop.stop();
});

test("of a caller no mode is right, not even that nothing is wrong", () => {
  const stage = buildShop("callers");
  const incidentOf = (subject: Ref) => ({ id: refKey(subject), subject, openedAt: 10, diagnosis: { candidates: [{ mode: "nothing-wrong", pattern: "p" }] } });
  const tallied = (subject: Ref) => {
    const injection = { subject: PAYMENT, targets: [PAYMENT], isOver: () => false };
    const run = {
      stage,
      played: [{ fault: { id: "gone", truth: [] }, injection, at: 5 }],
      records: [{ body: { type: "incident", incident: incidentOf(subject) } }],
    };
    return talliesOf(run as unknown as Run);
  };
  expect(tallied(CHECKOUT)).toEqual({ "nothing-wrong|p": { right: 0, cases: 1 } });
  expect(tallied(CART)).toEqual({ "nothing-wrong|p": { right: 1, cases: 1 } });
});
