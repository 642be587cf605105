import { describe, expect, test } from "vitest";
import { clockStep } from "./clock-step.ts";
import { hurt } from "./testing/hurt.ts";

describe("clock step", () => {
  test("the wall clock goes astray, elapsed time does not", () => {
    const { cluster, connection, wait } = hurt(clockStep, 1);
    const began = connection.clock.elapsed();
    let isAstray = false;
    for (let minute = 0; minute < 10; minute += 1) {
      wait(60);
      isAstray ||= connection.clock.now() !== cluster.timeline.now();
    }
    expect(isAstray).toBe(true);
    expect(connection.clock.elapsed() - began).toBe(600_000);
  });
});
