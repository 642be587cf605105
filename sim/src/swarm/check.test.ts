/** The laws must be able to fail: each is broken on purpose in an otherwise good run. */
import type { Record } from "@kintsugi/core";
import { beforeAll, expect, test } from "vitest";
import { check } from "./check.ts";
import { actPolicy, kintsugi } from "./kintsugi.ts";
import { type Run, runSeed } from "./run.ts";
import { scoreRun } from "./score.ts";

let good: Run;

beforeAll(async () => {
  // A table that has measured everything as right: the laws hold whatever is believed.
  const confidence = { seeds: "", date: "", entries: new Proxy({}, { get: () => ({ right: 100, cases: 100 }) }) };
  good = await runSeed("t-18", kintsugi({ policy: actPolicy(), confidence }));
  expect(good.writes.length).toBeGreaterThan(0);
}, 60_000);

const laws = (run: Run) => new Set(check(run).map((violation) => violation.law));

test("a good run breaks none", () => {
  expect(check(good)).toEqual([]);
});

test("a write without a record is found", () => {
  expect(laws({ ...good, records: good.records.filter(({ body }) => body.type !== "act") })).toContain("record before act");
});

test("more acts than policy allows are found", () => {
  const act = good.records.find((record) => record.body.type === "act");
  if (act?.body.type !== "act") throw new Error("the run has no act");
  const { body } = act;
  const many = Array.from({ length: 4 }, (_, i): Record => ({ ...act, body: { ...body, attempt: `inc-9/${i}` } }));
  expect(laws({ ...good, records: [...good.records, ...many] })).toContain("at most 3 acts an hour per owner");
});

test("an incident that neither ends nor waits is found", () => {
  const [incident] = good.incidents;
  if (incident === undefined) throw new Error("the run has no incident");
  const { resolvedAt: _, ...rest } = incident as typeof incident & { resolvedAt?: number };
  const stuck = { ...rest, phase: "open", deadline: 0, changedAt: good.began } as unknown as typeof incident;
  expect(laws({ ...good, incidents: [stuck] })).toContain("every incident ends or waits for a named person or condition");
});

test("touching what is healthy counts as harm", () => {
  const [write] = good.writes;
  if (write === undefined) throw new Error("the run has no write");
  const elsewhere = { ...write, ref: { ...write.ref, name: "nobody" }, before: undefined, after: undefined };
  expect(scoreRun({ ...good, writes: [...good.writes, elsewhere] }).harmed).toBe(scoreRun(good).harmed + 1);
});
