/** The laws must be able to fail: each is broken on purpose in an otherwise good run. Those of policy and of undoing have stories of their own beside them. */
import type { ConfidenceTable } from "@kintsugi/core";
import { beforeAll, expect, test } from "vitest";
import type { Fault } from "../faults/fault.ts";
import { oomFarUndersized } from "../faults/oom-far-undersized.ts";
import { selectorMismatch } from "../faults/selector-mismatch.ts";
import { check } from "./check.ts";
import { actPolicy, kintsugi } from "./kintsugi.ts";
import { type Run, runSeed } from "./run.ts";
import { scoreRun } from "./score.ts";

// A table that has measured everything as right: the laws hold whatever is believed.
const CERTAIN: ConfidenceTable = { seeds: "", date: "", entries: new Proxy({}, { get: () => ({ right: 100, cases: 100 }) }) };

function play(seed: string, fault: Fault): Promise<Run> {
  const options = { faults: [fault], maxFaults: 1, hasRestrictions: false };
  return runSeed(seed, kintsugi({ policy: actPolicy(), confidence: CERTAIN }), options);
}

let good: Run;
let undone: Run;

beforeAll(async () => {
  good = await play("good", selectorMismatch);
  undone = await play("undone", oomFarUndersized);
}, 60_000);

const laws = (run: Run) => new Set(check(run).map((violation) => violation.law));

test("good runs break none", () => {
  expect(good.writes.length).toBeGreaterThan(0);
  expect(check(good)).toEqual([]);
  expect(undone.incidents.flatMap((incident) => incident.attempts).map((attempt) => attempt.outcome)).toContain("undone");
  expect(check(undone)).toEqual([]);
});

test("a write without a record is found", () => {
  expect(laws({ ...good, records: good.records.filter(({ body }) => body.type !== "act") })).toContain("record before act");
});

test("a write that the policy does not allow is found", () => {
  expect(laws({ ...good, policy: actPolicy({}, [{ name: "hands off", match: {}, mode: "observe" }]).spec })).toContain("no act outside policy");
});

test("two incidents at one owner at once are found", () => {
  const index = good.records.findIndex(({ body }) => body.type === "act");
  const act = good.records[index];
  if (act?.body.type !== "act") throw new Error("the run has no act");
  const intruder = { ...act, body: { ...act.body, incident: "inc-9", attempt: "inc-9/1" } };
  expect(laws({ ...good, records: good.records.toSpliced(index + 1, 0, intruder) })).toContain("one act per owner at a time");
});

test("more attempts than policy allows are found", () => {
  const incident = undone.incidents.find(({ attempts }) => attempts.length > 0);
  const attempt = incident?.attempts[0];
  if (incident === undefined || attempt === undefined) throw new Error("the run has no attempt");
  const tireless = { ...incident, attempts: [1, 2, 3, 4].map((i) => ({ ...attempt, id: `${incident.id}/${i}` })) };
  expect(laws({ ...undone, incidents: [tireless] })).toContain("attempts are bounded");
});

test("an act that helped and is said to be undone is found: its fields are not as they were", () => {
  const incidents = good.incidents.map((incident) => ({
    ...incident,
    attempts: incident.attempts.map((attempt) => ({ ...attempt, outcome: "undone" as const })),
  }));
  expect(laws({ ...good, incidents })).toContain("undo restores");
});

test("an incident that neither ends nor waits is found", () => {
  const [incident] = good.incidents;
  if (incident === undefined) throw new Error("the run has no incident");
  const { resolvedAt: _, ...rest } = incident as typeof incident & { resolvedAt?: number };
  const stuck = { ...rest, phase: "open", deadline: 0, changedAt: good.began } as unknown as typeof incident;
  expect(laws({ ...good, incidents: [stuck] })).toContain("every incident ends or waits for a named person or condition");
});

test("touching what is healthy breaks a law and counts as harm", () => {
  const [write] = good.writes;
  if (write === undefined) throw new Error("the run has no write");
  const elsewhere = { ...write, ref: { ...write.ref, name: "nobody" }, before: undefined, after: undefined };
  const harmed = { ...good, writes: [...good.writes, elsewhere] };
  expect(laws(harmed)).toContain("healthy things are untouched");
  expect(scoreRun(harmed).harmed).toBe(scoreRun(good).harmed + 1);
});

test("people's plans that came to nothing are found", () => {
  expect(laws({ ...good, scenes: [{ targets: [], isWell: () => false }] })).toContain("healthy things are untouched");
});
