import { expect, test } from "vitest";
import { decideInput } from "../../testing/decide-input.ts";
import { ref } from "../../testing/objects.ts";
import { concurrency } from "./concurrency.ts";

const inFlight = (...incidents: string[]) => ({
  inFlight: incidents.map((incident) => ({ incident, target: ref("Deployment", incident), claims: [ref("Deployment", incident)] })),
});

test("two acts at once in the whole cluster", () => {
  expect(concurrency.check(decideInput(inFlight("inc-1"))).answer).toBe("pass");
  expect(concurrency.check(decideInput(inFlight("inc-1", "inc-2")))).toEqual({ answer: "block", reason: "2 of 2 acts at once: inc-1, inc-2" });
});

test("an incident does not stand in its own way", () => {
  expect(concurrency.check(decideInput(inFlight("inc-1", "inc-7"))).answer).toBe("pass");
});

test("a Job that was run again and may take hours keeps nothing else from being healed", () => {
  const running = { incident: "inc-3", target: ref("Job", "report"), claims: [], isUnderWay: true };
  expect(concurrency.check(decideInput({ inFlight: [running, ...inFlight("inc-1").inFlight] })).answer).toBe("pass");
});
