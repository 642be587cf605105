import { describe, expect, test } from "vitest";
import type { Record } from "../model/record.ts";
import { broken, CART } from "../testing/cart-story.ts";
import { EngineBench, policy } from "../testing/engine-bench.ts";
import { ref } from "../testing/objects.ts";

function ledgerOf(bench: EngineBench): readonly Record[] {
  return bench.records().map(({ body, actor }, i) => ({
    ...{ seq: i + 1, at: bench.now, cluster: "test", actor, policyHash: "", version: "", epoch: 1, previous: "", hash: "" },
    body,
  }));
}

test("to propose again lifts the veto on that very owner, not on its namesake; after a restart it is the same", () => {
  const bench = broken(policy());
  bench.facts();
  const service = { owner: ref("Service", "cart"), until: bench.now + 3_600_000, reason: "denied by ada: the selector is meant" };
  bench.state.vetoes = [service];
  bench.command({ type: "deny", incident: "inc-1", why: "not now" });
  expect(bench.state.vetoes.map((veto) => veto.owner.kind)).toEqual(["Service", "Deployment"]);
  bench.command({ type: "propose", incident: "inc-1" });
  expect(bench.state.vetoes).toEqual([service]);
  bench.facts();
  expect(bench.phase(CART)).toBe("awaiting");
  const restarted = new EngineBench(policy());
  restarted.now = bench.now;
  const vetoed = { ...ledgerOf(bench)[0], body: { type: "vetoed", ...service } } as Record;
  restarted.step({ type: "restored", records: [vetoed, ...ledgerOf(bench)] });
  expect(restarted.state.vetoes).toEqual([service]);
});

test("to deny again at once changes nothing and is not written down; later it holds for longer", () => {
  const bench = broken(policy());
  bench.facts();
  bench.command({ type: "deny", incident: "inc-1", why: "not now" });
  const until = bench.state.vetoes[0]?.until ?? 0;
  const written = bench.records().length;
  for (let i = 0; i < 20; i++) expect(bench.command({ type: "deny", incident: "inc-1", why: `again ${i}` }).ok).toBe(true);
  expect([bench.records().length, bench.state.vetoes[0]?.until]).toEqual([written, until]);
  bench.pass(61);
  bench.command({ type: "deny", incident: "inc-1", why: "still not" });
  expect(bench.state.vetoes[0]?.until).toBeGreaterThan(until);
});

test("five hundred silences are in force and no more: every decision looks at all of them", () => {
  const bench = broken(policy());
  const silence = (i: number, durationMs = 3_600_000) => bench.command({ type: "silence", id: `s${i}`, namespace: "bank", durationMs, why: "noise" });
  for (let i = 0; i < 500; i++) silence(i);
  expect(silence(500)).toMatchObject({ ok: false, code: "conflict" });
  bench.command({ type: "unsilence", id: "s7" });
  expect(silence(501).ok).toBe(true);
});

describe("an assistant", () => {
  const assistant = { type: "assistant", name: "ada", proven: true } as const;

  test("can neither approve nor resume nor lift a silence, whoever owns its credential", () => {
    const bench = broken(policy());
    bench.facts();
    const incident = bench.incident(CART);
    if (incident.phase !== "awaiting") throw new Error("it should await a decision");
    bench.command({ type: "silence", id: "s1", namespace: "elsewhere", durationMs: 3_600_000, why: "game day" });
    bench.command({ type: "pause", why: "lunch" });
    for (const command of [
      { type: "approve", incident: "inc-1", planHash: incident.proposal.plan.hash },
      { type: "resume", why: "go on" },
      { type: "unsilence", id: "s1" },
    ] as const) {
      expect(bench.command(command, assistant)).toMatchObject({ ok: false, code: "forbidden", text: expect.stringContaining("a person") });
    }
    expect(bench.incident(CART).attempts).toEqual([]);
    expect(bench.state.paused).toBeDefined();
    expect(bench.state.silences).toHaveLength(1);
  });

  test("can hold, and what a person denied it cannot propose again", () => {
    const bench = broken(policy());
    bench.facts();
    expect(bench.command({ type: "deny", incident: "inc-1", why: "not now" }, assistant).ok).toBe(true);
    expect(bench.records().at(-1)?.actor).toEqual({ type: "assistant", name: "ada", proven: true });
    expect(bench.command({ type: "propose", incident: "inc-1" }, assistant)).toMatchObject({ ok: false, code: "forbidden" });
    expect(bench.command({ type: "propose", incident: "inc-1" }).ok).toBe(true);
  });
});

describe("a request from outside", () => {
  test("has what rests looked at again, and who asked for it is on record", () => {
    const bench = broken(policy({ mode: "observe" }));
    bench.facts();
    expect(bench.phase(CART)).toBe("held");
    expect(bench.command({ type: "request", incident: "inc-1", why: "pager 7: pod_crash" })).toMatchObject({ ok: true });
    expect(bench.records().map(({ body }) => body.type === "incident" && body.reason)).toContainEqual(
      expect.stringMatching(/^requested by .*: pager 7: pod_crash$/),
    );
    bench.facts();
    expect(bench.phase(CART)).toBe("held");
  });

  test("lifts no veto: what a person denied stays denied", () => {
    const bench = broken(policy());
    bench.facts();
    bench.command({ type: "deny", incident: "inc-1", why: "not now" });
    const { vetoes } = bench.state;
    expect(bench.command({ type: "request", incident: "inc-1", why: "pager 7" }).ok).toBe(true);
    bench.facts();
    expect(bench.state.vetoes).toEqual(vetoes);
    expect(bench.incident(CART)).toMatchObject({ phase: "held", why: expect.stringContaining("not now") });
  });

  test("approves nothing: what waits for a person goes on waiting", () => {
    const bench = broken(policy());
    bench.facts();
    const before = bench.incident(CART);
    expect(bench.command({ type: "request", incident: "inc-1", why: "pager 7" })).toMatchObject({ ok: true, text: expect.stringContaining("awaiting") });
    expect(bench.incident(CART)).toEqual(before);
    expect(bench.command({ type: "close", incident: "inc-1", why: "done" }).ok).toBe(true);
    expect(bench.command({ type: "request", incident: "inc-1", why: "pager 7" })).toMatchObject({ ok: false, code: "conflict" });
  });
});
