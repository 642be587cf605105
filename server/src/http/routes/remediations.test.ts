import type { Attempt, Incident, Plan, Preview } from "@kintsugi/core";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { act, awaiting, CART, draft, incident, PLAN, resolved, T0 } from "../../adapters/testing/records.ts";
import { type ApiUnderTest, apiUnderTest, MCP_TOKEN } from "../testing/api-under-test.ts";
import { onlyIn } from "../testing/narrow-access.ts";

let api: ApiUnderTest;
beforeEach(async () => {
  api = await apiUnderTest();
});
afterEach(() => api.close());

const ask = (body: object, headers = {}) => api.ask("POST", "/api/v2/remediations", { body, headers });
const list = async (query = "") => (await api.ask("GET", `/api/v2/remediations${query}`)).json;
const idsOf = ({ items }: { items: { id: string }[] }): string[] => items.map(({ id }) => id);
const UNDOABLE: Plan = { ...PLAN, inverse: { type: "exact", steps: PLAN.steps } };

function held(id: string): Incident {
  const { deadline: _, ...base } = incident(id) as Extract<Incident, { phase: "open" }>;
  return { ...base, phase: "held", candidate: 0, why: "paused", rereads: 0 };
}

function planned(of: Incident): Preview {
  const gates = [
    { gate: "policy-mode", answer: "ask" as const, reason: "the policy says suggest" },
    { gate: "dry-run", answer: "pass" as const, reason: "accepted" },
  ];
  return { incident: of, diagnosis: { candidates: [], changes: [], at: T0 }, next: { plan: PLAN, decision: { verdict: "ask", gates, at: T0 } } };
}

function attempt(id: string, startedAt: number, over: Partial<Attempt> = {}): Attempt {
  return { id, plan: UNDOABLE, startedAt, outcome: "helped", detail: "all pods are ready", endedAt: startedAt + 60_000, ...over };
}

describe("a dry run", () => {
  it("says what would be proposed now, and tells the engine nothing", async () => {
    api.engine.list = [held("inc-1")];
    api.engine.previews.set("inc-1", () => planned(held("inc-1")));
    const { status, json } = await ask({ incident: "inc-1", dryRun: true });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      incident: "inc-1",
      phase: "held",
      dryRun: true,
      planHash: PLAN.hash,
      diff: PLAN.diff,
      verdict: "ask",
      gates: [
        { gate: "policy-mode", answer: "ask" },
        { gate: "dry-run", answer: "unknown" },
      ],
      approval: { needed: true, how: expect.stringContaining("kintsugi approve inc-1") },
    });
    expect(json.text).toContain("the policy says suggest");
    expect(api.engine.told).toEqual([]);
    expect(api.ledger.head().seq).toBe(0);
  });

  it("takes the proposal that waits, to the hash and the expiry", async () => {
    api.engine.list = [awaiting("inc-2")];
    expect((await ask({ incident: "inc-2", dryRun: true })).json).toMatchObject({
      planHash: PLAN.hash,
      gates: [{ gate: "mode", answer: "ask" }],
      approval: { needed: true, expiresAt: T0 + 3_600_000 },
    });
  });

  it("says why nothing can be planned", async () => {
    api.engine.list = [incident("inc-1")];
    api.engine.previews.set("inc-1", () => ({ ...planned(incident("inc-1")), next: { why: "no remedy is safe to carry out by itself" } }));
    const { json } = await ask({ incident: "inc-1", dryRun: true });
    expect(json).toMatchObject({ approval: { needed: false }, gates: [], diff: [], text: expect.stringContaining("no remedy is safe") });
    expect(json.plan).toBeUndefined();
  });
});

describe("a request", () => {
  it("goes to the engine with the reason, as who asks", async () => {
    api.engine.list = [held("inc-1")];
    api.engine.reply = { ok: true, text: "inc-1 is looked at again" };
    const { status, json } = await ask({ incident: "inc-1", why: "the registry is back" }, { "x-kintsugi-actor": "ada" });
    expect(status).toBe(202);
    expect(json.text).toContain("inc-1 is looked at again");
    expect(api.engine.told).toEqual([{ command: { type: "request", incident: "inc-1", why: "the registry is back" }, by: "ada" }]);
  });

  it("may come from an assistant, who can ask and not decide", async () => {
    api.engine.list = [held("inc-1")];
    expect((await ask({ incident: "inc-1" }, { authorization: `Bearer ${MCP_TOKEN}` })).status).toBe(202);
    expect(api.engine.askers[0]).toMatchObject({ type: "assistant" });
  });

  it("for what has ended is refused, with how it ended", async () => {
    api.engine.list = [resolved("inc-3", T0)];
    expect((await ask({ incident: "inc-3" })).json).toMatchObject({ status: 409, detail: expect.stringContaining("has ended (healed): all pods are ready") });
    expect(api.engine.told).toEqual([]);
  });

  it("waits until the engine has decided, so that the answer says what came of it", async () => {
    const diagnosed: Incident = { ...held("inc-1"), phase: "diagnosed", candidate: 0, rereads: 0 } as Incident;
    api.engine.list = [diagnosed];
    const answer = ask({ incident: "inc-1" });
    setImmediate(async () => {
      api.engine.list = [awaiting("inc-1")];
      api.engine.stored(await api.ledger.append([draft({ type: "incident", incident: awaiting("inc-1"), from: "diagnosed", reason: "proposed" })]));
    });
    expect((await answer).json).toMatchObject({ phase: "awaiting", planHash: PLAN.hash });
  });

  it("is refused as the engine refuses it", async () => {
    api.engine.list = [held("inc-1")];
    api.engine.reply = { ok: false, code: "conflict", text: "inc-1 has already ended" };
    expect((await ask({ incident: "inc-1" })).json).toMatchObject({ status: 409, detail: "inc-1 has already ended" });
  });

  it("for any object goes to what answers for it", async () => {
    const of = awaiting("inc-2");
    api.engine.list = [of];
    api.engine.explanation = { ref: CART, observed: true, incident: of, findings: [], silent: [], lines: [] };
    expect((await ask({ target: { kind: "Pod", namespace: "shop", name: "cart-a" }, dryRun: true })).json).toMatchObject({ incident: "inc-2", subject: CART });
  });

  it("for what is well is 409 in the engine's words, for what is not there 404", async () => {
    const target = { kind: "Deployment", namespace: "shop", name: "cart" };
    expect((await ask({ target })).json).toMatchObject({ status: 404, detail: expect.stringContaining("no such object") });
    api.engine.explanation = { ref: CART, observed: true, findings: [], silent: [], lines: ["nothing is wrong with it as far as can be seen"] };
    expect((await ask({ target })).json).toMatchObject({ status: 409, detail: expect.stringContaining("nothing is wrong with it") });
    expect((await ask({ incident: "inc-404" })).status).toBe(404);
  });

  it.each([
    [{}],
    [{ incident: "inc-1", target: { kind: "Pod", namespace: "shop", name: "a" } }],
    [{ incident: "../etc" }],
    [{ target: { kind: "Secret", namespace: "shop", name: "a" } }],
    [{ target: { kind: "Pod", namespace: "shop", name: "a/b" } }],
    [{ incident: "inc-1", dryRun: "yes" }],
  ])("that says %j is wrong", async (body) => {
    expect((await ask(body)).status).toBe(400);
    expect(api.engine.told).toEqual([]);
  });

  it("takes the right in the namespace that it is about, also where its incident is elsewhere", async () => {
    const narrow = await apiUnderTest({ access: onlyIn("shop") });
    const node: Incident = { ...held("inc-1"), subject: { kind: "Node", namespace: "", name: "worker-1" } };
    narrow.engine.list = [node];
    narrow.engine.explanation = { ref: CART, observed: true, incident: node, findings: [], silent: [], lines: [] };
    expect((await narrow.ask("POST", "/api/v2/remediations", { body: { target: { kind: "Pod", namespace: "shop", name: "a" }, dryRun: true } })).status).toBe(
      403,
    );
    expect((await narrow.ask("POST", "/api/v2/remediations", { body: { target: { kind: "Pod", namespace: "bank", name: "a" }, dryRun: true } })).status).toBe(
      403,
    );
    await narrow.close();
  });
});

describe("what has been done", () => {
  /** Two attempts of a live incident, and one of an incident that only the ledger remembers. */
  beforeEach(async () => {
    const verifying = {
      goodSince: T0,
      last: { answer: "unhealthy", reason: "1 of 3 pods is ready" },
      deadline: T0 + 900_000,
      actedAt: T0,
      holdMs: 1,
      candidate: 0,
      plan: UNDOABLE,
      phase: "verifying",
    } as const;
    const { deadline: _, ...base } = incident("inc-7") as Extract<Incident, { phase: "open" }>;
    const first = attempt("inc-7/1", T0 + 1_000, { outcome: "did-not-help", detail: "still not ready" });
    api.engine.list = [{ ...base, ...verifying, attempts: [first, attempt("inc-7/2", T0 + 5_000, { outcome: "running", detail: "", approvedBy: "ada" })] }];
    const old = { ...resolved("inc-3", T0), attempts: [attempt("inc-3/1", T0)], plan: UNDOABLE };
    const bodies = [act("inc-3"), { type: "incident", incident: old, from: "verifying", reason: "healed" } as const];
    await api.ledger.append(bodies.map((body) => draft(body)));
  });

  it("comes newest first, from memory and from the ledger, with how it went", async () => {
    expect(await list()).toMatchObject({
      items: [
        { id: "inc-7/2", outcome: "running", approvedBy: "ada", verification: { state: "running", reason: "1 of 3 pods is ready" }, undo: { possible: true } },
        { id: "inc-7/1", outcome: "did-not-help", verification: { state: "failed" }, undo: { possible: false, how: "a later attempt was made since" } },
        { id: "inc-3/1", outcome: "helped", verification: { state: "passed" }, undo: { possible: true, how: expect.stringContaining("kintsugi undo inc-3") } },
      ],
    });
  });

  it.each([
    ["?outcome=helped", ["inc-3/1"]],
    ["?incident=inc-7&outcome=running&outcome=did-not-help", ["inc-7/2", "inc-7/1"]],
    ["?action=uncordon", []],
    ["?namespace=shop&action=roll-back&limit=1", ["inc-7/2"]],
    ["?since=1ms", ["inc-7/2", "inc-7/1"]],
  ])("can be chosen by %s", async (query, expected) => {
    api.now = T0 + 500;
    expect(idsOf(await list(query))).toEqual(expected);
  });

  it("shows each with its plan, and 404 where there is none", async () => {
    const { json } = await api.ask("GET", "/api/v2/remediations/inc-3/1");
    expect(json).toMatchObject({ id: "inc-3/1", number: 1, diff: PLAN.diff, inverse: { type: "exact" }, plan: { action: "roll-back" } });
    expect((await api.ask("GET", "/api/v2/remediations/inc-3/2")).status).toBe(404);
    expect((await api.ask("GET", "/api/v2/remediations/inc-3/x")).status).toBe(400);
  });

  it("shows none of a namespace that the caller may not see", async () => {
    const narrow = await apiUnderTest({ access: onlyIn("bank"), ledger: api.ledger });
    narrow.engine.list = api.engine.list;
    expect(idsOf((await narrow.ask("GET", "/api/v2/remediations")).json)).toEqual([]);
    await narrow.app.close();
  });
});

it("comes whole and once in pages of any size, whatever is in memory and what only in the ledger", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ attempts: fc.integer({ min: 1, max: 3 }), live: fc.boolean(), at: fc.nat(20) }), { maxLength: 12 }),
      fc.integer({ min: 1, max: 7 }),
      async (incidents, limit) => {
        const under = await apiUnderTest();
        const all: Attempt[] = [];
        const told = incidents.flatMap(({ attempts, live, at }, index) => {
          const id = `inc-${index + 1}`;
          const made = Array.from({ length: attempts }, (_, n) => attempt(`${id}/${n + 1}`, T0 + (at * 10 + n) * 1_000));
          all.push(...made);
          const of: Incident = { ...resolved(id, T0), attempts: made };
          if (live) under.engine.list.push(of);
          const acts = made.map((one) => draft({ ...(act(id) as Extract<ReturnType<typeof act>, { type: "act" }>), attempt: one.id }, { at: one.startedAt }));
          return [...acts, draft({ type: "incident", incident: of, from: "verifying", reason: "healed" }, { at: T0 + 900_000 })];
        });
        if (told.length > 0) await under.ledger.append(told.toSorted((a, b) => a.at - b.at));
        const found: string[] = [];
        let cursor: string | undefined;
        do {
          const { json } = await under.ask("GET", `/api/v2/remediations?limit=${limit}${cursor === undefined ? "" : `&cursor=${cursor}`}`);
          found.push(...idsOf(json));
          cursor = json.next;
        } while (cursor !== undefined);
        expect(found).toHaveLength(new Set(found).size);
        expect(found.toSorted()).toEqual(all.map(({ id }) => id).toSorted());
        const starts = found.map((id) => all.find((one) => one.id === id)?.startedAt ?? 0);
        expect(starts).toEqual(starts.toSorted((a, b) => b - a));
        await under.close();
      },
    ),
    { numRuns: 25 },
  );
});
