import { expect, test } from "vitest";
import type { Record } from "../model/record.ts";
import { MAX_CLOSED_TICKETS, MAX_OPEN_TICKETS, type TicketReport } from "../model/ticket.ts";
import { EngineBench } from "../testing/engine-bench.ts";

const SLOW: TicketReport = {
  purpose: "report",
  title: "Checkout is slow",
  description: "since noon",
  severity: "high",
  namespace: "shop",
  target: "cart",
  affected: [],
  resources: [],
  labels: {},
  incidents: [],
};
const ada = { type: "person", name: "ada", proven: true } as const;

function recordOf(bench: EngineBench, index: number): Record {
  const { body, actor } = bench.records()[index]!;
  return { ...{ seq: index + 1, at: bench.now, cluster: "test", actor, policyHash: "", version: "", epoch: 1, previous: "", hash: "" }, body };
}

test("a ticket is recorded whole with every change and who made it, until it is closed for good", () => {
  const bench = new EngineBench();
  expect(bench.command({ type: "ticket-open", report: SLOW }, ada)).toEqual({ ok: true, id: "tic-1", text: "tic-1 is open" });
  bench.now += 60_000;
  expect(bench.command({ type: "ticket-change", ticket: "tic-1", change: { severity: "low" } }, { ...ada, name: "bob" }).ok).toBe(true);
  expect(bench.command({ type: "ticket-close", ticket: "tic-1", why: "it was the weather" }, ada).ok).toBe(true);
  expect(bench.state.tickets.get("tic-1")).toMatchObject({
    ...{ title: "Checkout is slow", severity: "low", by: "ada", openedAt: bench.now - 60_000, changedAt: bench.now },
    ...{ status: "closed", closedAt: bench.now, why: "closed by ada: it was the weather" },
  });
  expect(bench.records().map(({ actor, body }) => [actor.name, body.type === "ticket" && body.reason])).toEqual([
    ["ada", "opened"],
    ["bob", "changed by bob: severity"],
    ["ada", "closed by ada: it was the weather"],
  ]);
  for (const command of [
    { type: "ticket-change", ticket: "tic-1", change: { severity: "high" } },
    { type: "ticket-close", ticket: "tic-1", why: "again" },
  ] as const) {
    expect(bench.command(command, ada)).toMatchObject({ ok: false, code: "conflict", text: expect.stringContaining("the weather") });
  }
  expect(bench.command({ type: "ticket-close", ticket: "tic-9", why: "x" }, ada)).toMatchObject({ ok: false, code: "not-found" });
});

test("tickets and their numbers survive a restart", () => {
  const bench = new EngineBench();
  bench.command({ type: "ticket-open", report: SLOW }, ada);
  bench.command({ type: "ticket-open", report: { ...SLOW, purpose: "coordination" } }, ada);
  const restarted = new EngineBench();
  restarted.step({ type: "restored", records: [recordOf(bench, 0), recordOf(bench, 1)] });
  expect([...restarted.state.tickets.values()]).toEqual([...bench.state.tickets.values()]);
  expect([...restarted.state.tickets.keys()]).toEqual(["tic-1", "cwf-2"]);
  expect(restarted.command({ type: "ticket-open", report: SLOW }, ada)).toMatchObject({ id: "tic-3" });
});

test("a reporter in a loop fills neither ledger nor memory", () => {
  const bench = new EngineBench();
  for (let i = 0; i < MAX_OPEN_TICKETS; i += 1) bench.command({ type: "ticket-open", report: SLOW }, ada);
  expect(bench.command({ type: "ticket-open", report: SLOW }, ada)).toMatchObject({ ok: false, code: "conflict", text: expect.stringContaining("1000") });
  for (let i = 1; i <= MAX_OPEN_TICKETS; i += 1) bench.command({ type: "ticket-close", ticket: `tic-${i}`, why: "enough" }, ada);
  expect(bench.state.tickets.size).toBe(MAX_CLOSED_TICKETS);
  expect(bench.state.tickets.has("tic-1")).toBe(false);
  expect(bench.command({ type: "ticket-open", report: SLOW }, ada)).toMatchObject({ id: `tic-${MAX_OPEN_TICKETS + 1}` });
});
