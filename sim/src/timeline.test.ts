import { describe, expect, test } from "vitest";
import { createRandom } from "./random.ts";
import { createTimeline } from "./timeline.ts";

describe("the timeline", () => {
  test("runs calls by time, and in the order of planning where the time is the same", () => {
    const timeline = createTimeline(1000);
    const seen: string[] = [];
    timeline.at(3000, () => seen.push(`c@${timeline.now()}`));
    timeline.after(500, () => seen.push(`a@${timeline.now()}`));
    timeline.at(3000, () => seen.push(`d@${timeline.now()}`));
    timeline.at(2000, () => timeline.after(0, () => seen.push(`b@${timeline.now()}`)));
    timeline.advanceTo(5000);
    expect(seen).toEqual(["a@1500", "b@2000", "c@3000", "d@3000"]);
    expect(timeline.now()).toBe(5000);
  });

  test("a cancelled call is never made and does not count as the next", () => {
    const timeline = createTimeline(0);
    let calls = 0;
    const cancel = timeline.at(10, () => {
      calls += 1;
    });
    timeline.at(20, () => {
      calls += 10;
    });
    cancel();
    expect(timeline.nextAt()).toBe(20);
    timeline.advanceTo(100);
    expect(calls).toBe(10);
  });

  test("what is due in the past comes next, without the clock going back", () => {
    const timeline = createTimeline(100);
    timeline.at(5, () => expect(timeline.now()).toBe(100));
    expect(timeline.runNext()).toBe(true);
    expect(timeline.runNext()).toBe(false);
  });

  test("ten thousand calls in random order come sorted", () => {
    const timeline = createTimeline(0);
    const random = createRandom("heap");
    const times: number[] = [];
    for (let i = 0; i < 10_000; i += 1) timeline.at(random.below(5_000), () => times.push(timeline.now()));
    timeline.advanceTo(5_000);
    expect(times).toHaveLength(10_000);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });
});
