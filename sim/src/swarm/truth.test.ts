import type { ConfidenceTable } from "@kintsugi/core";
import { expect, test } from "vitest";
import type { Fault } from "../faults/fault.ts";
import { nothingWrong } from "../faults/nothing-wrong.ts";
import { stormNodes } from "../faults/storm-nodes.ts";
import { unschedulableScaleUp } from "../faults/unschedulable-scale-up.ts";
import { actPolicy, kintsugi } from "./kintsugi.ts";
import { type Run, runSeed } from "./run.ts";
import { scoreRun } from "./score.ts";
import { concerns, isFalseAlarm, reportOf, rightModes } from "./truth.ts";

const CERTAIN: ConfidenceTable = { seeds: "", date: "", entries: new Proxy({}, { get: () => ({ right: 100, cases: 100 }) }) };

function play(seed: string, fault: Fault, maxFaults: number): Promise<Run> {
  const options = { faults: [fault], maxFaults, hasTrouble: false, hasRestrictions: false };
  return runSeed(seed, kintsugi({ policy: actPolicy(), confidence: CERTAIN }), options);
}

test("what one application's growth takes from others is reported rightly, as what it is", async () => {
  const run = await play("full-8", unschedulableScaleUp, 1);
  const [grown] = run.played;
  const others = run.incidents.filter(({ subject }) => subject.name !== grown?.injection.subject.name);
  expect(others.length).toBeGreaterThan(2);
  for (const incident of others) {
    expect(isFalseAlarm(run, incident)).toBe(false);
    expect(rightModes(run, incident.subject, incident.openedAt)).toEqual(new Set(["unschedulable"]));
  }
  // Before it grew nobody suffered, and who has a place does not.
  const [first] = others;
  if (grown === undefined || first === undefined) throw new Error("nothing was played");
  expect(concerns(run, grown, first.subject, grown.at)).toBe(false);
  const untouched = run.stage.apps.filter((app) => !concerns(run, grown, app.ref, run.ended));
  expect(untouched.length).toBeGreaterThan(0);
  const elsewhere = { ...first, subject: untouched[0]?.ref ?? first.subject };
  expect(isFalseAlarm(run, elsewhere)).toBe(true);
});

test("two storms at once are one incident, which reports both", async () => {
  const run = await play("storms-6", stormNodes, 3);
  const [first, second] = run.played;
  if (first === undefined || second === undefined) throw new Error("there was one storm only");
  expect(second.at).toBeLessThan(first.injection.endsAt ?? 0);
  const [reported, also] = [reportOf(run, first), reportOf(run, second)];
  expect(reported?.incident.id).toBe(also?.incident.id);
  expect([reported?.isOlder, also?.isOlder]).toEqual([false, true]);
  // The second was reported before it began: that is no time to detect.
  const score = scoreRun(run);
  expect(score.detected).toBe(score.faults);
  expect(score.detectMs).toHaveLength(score.faults - 1);
});

test("where nothing is wrong, whatever is said is a false alarm", async () => {
  const run = await play("quiet", nothingWrong, 1);
  expect(run.incidents).toEqual([]);
  const storm = await play("storms-6", stormNodes, 3);
  const told = storm.incidents.find(({ subject }) => subject.name === "*");
  if (told === undefined) throw new Error("no storm was told");
  expect(isFalseAlarm(storm, told)).toBe(false);
  expect(isFalseAlarm({ ...run, incidents: [told] }, told)).toBe(true);
});
