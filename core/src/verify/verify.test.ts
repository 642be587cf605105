import { expect, test } from "vitest";
import type { Health } from "../model/failure-mode.ts";
import type { Finding } from "../model/finding.ts";
import { at, ref } from "../testing/objects.ts";
import { deadlineOf, judgedAt, verify } from "./verify.ts";

const GOOD: Health = { answer: "healthy", reason: "2 of 2 replicas are available" };
const BAD: Health = { answer: "unhealthy", reason: "1 of 2 replicas is available" };
const FINDING: Finding = {
  detector: "pod-not-ready",
  subject: ref("Deployment", "cart"),
  since: at(1),
  summary: "1 of 2 pods is not ready",
  members: [],
  count: 1,
  lostShare: 0.5,
};
const ACTED = { holdMs: 60_000, deadline: at(600), sightedSince: at(0) };

test("it helped once it was healthy for the whole window, not a moment earlier", () => {
  expect(verify(ACTED, GOOD, [], at(30))).toEqual({ type: "waiting", goodSince: at(30) });
  const since = { ...ACTED, goodSince: at(30) };
  expect(verify(since, GOOD, [], at(89))).toEqual({ type: "waiting", goodSince: at(30) });
  expect(verify(since, GOOD, [], at(90))).toEqual({ type: "helped", reason: "2 of 2 replicas are available, for 60 s" });
});

test("a relapse begins the window anew", () => {
  expect(verify({ ...ACTED, goodSince: at(30) }, BAD, [], at(60))).toEqual({ type: "waiting" });
});

test("a finding is no health, whatever the success test says", () => {
  expect(verify({ ...ACTED, goodSince: at(30) }, GOOD, [FINDING], at(200))).toEqual({ type: "waiting" });
});

test("not healthy at the deadline it failed, and says what is wrong", () => {
  expect(verify(ACTED, BAD, [], at(599)).type).toBe("waiting");
  expect(verify(ACTED, BAD, [], at(600))).toEqual({ type: "failed", reason: BAD.reason });
  expect(verify(ACTED, BAD, [FINDING], at(600))).toEqual({ type: "failed", reason: FINDING.summary });
});

test("what cannot be told is not a failure: nothing is taken back for want of an answer", () => {
  const unknown: Health = { answer: "unknown", reason: "Deployment shop/cart does not exist" };
  expect(verify(ACTED, unknown, [], at(599)).type).toBe("waiting");
  expect(verify(ACTED, unknown, [], at(600))).toEqual({ type: "untold", reason: unknown.reason });
});

test("out of sight it is never judged, and in sight again not before a cure could have held", () => {
  const { sightedSince: _, ...unseen } = ACTED;
  expect(judgedAt(unseen)).toBe(Number.POSITIVE_INFINITY);
  expect(judgedAt({ ...unseen, sightedSince: at(900) })).toBe(at(960));
  expect(verify({ ...unseen, sightedSince: at(900) }, BAD, [], at(959)).type).toBe("waiting");
  expect(verify({ ...unseen, sightedSince: at(900) }, BAD, [], at(960)).type).toBe("failed");
});

test("while it is good the deadline waits for the window to end", () => {
  expect(verify({ ...ACTED, goodSince: at(590) }, GOOD, [], at(610))).toEqual({ type: "waiting", goodSince: at(590) });
  expect(verify({ ...ACTED, goodSince: at(590) }, GOOD, [], at(650)).type).toBe("helped");
});

test("progress moves the deadline on, and only more than ever before is progress", () => {
  const given = { ...ACTED, actedAt: at(0), done: 4, last: BAD };
  const deadline = (done: number) => deadlineOf(given, { ...BAD, done }, 600_000, 0, at(500));
  expect(deadline(4)).toBe(ACTED.deadline);
  expect(deadline(3)).toBe(ACTED.deadline);
  expect(deadline(5)).toBe(at(500 + 600 + 60));
});

test("what is under way has its own deadline or policy's window, and is judged soon after it has said how it went", () => {
  const given = { ...ACTED, actedAt: at(0), last: BAD };
  expect(deadlineOf(given, { answer: "under-way", reason: "", until: at(900) }, 600_000, 3_600_000, at(500))).toBe(at(900));
  expect(deadlineOf(given, { answer: "under-way", reason: "" }, 600_000, 3_600_000, at(500))).toBe(at(3_600));
  const over = { ...given, deadline: at(3_600), last: { answer: "under-way", reason: "" } } as const;
  expect(deadlineOf(over, BAD, 600_000, 3_600_000, at(700))).toBe(at(760));
});
