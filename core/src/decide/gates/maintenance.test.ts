import { expect, test } from "vitest";
import { decideInput, nodePlan } from "../../testing/decide-input.ts";
import { at, stamp } from "../../testing/objects.ts";
import { maintenance } from "./maintenance.ts";

const open = (start: number, end: number, namespaces?: string[]) => ({
  maintenance: [{ name: "move", start: stamp(start), end: stamp(end), ...(namespaces === undefined ? {} : { namespaces }) }],
});

test("nothing is done while a window is open, and something may be when it closes", () => {
  expect(maintenance.check(decideInput({ spec: open(500, 900) }))).toEqual({
    answer: "block",
    reason: `maintenance "move" until ${stamp(900)}`,
    retryAt: at(900),
  });
  expect(maintenance.check(decideInput({ spec: open(500, 600) })).answer).toBe("pass");
  expect(maintenance.check(decideInput({ spec: open(601, 900) })).answer).toBe("pass");
});

test("a window of some namespaces covers those, one of none covers nodes too", () => {
  expect(maintenance.check(decideInput({ spec: open(500, 900, ["shop*"]) })).answer).toBe("block");
  expect(maintenance.check(decideInput({ spec: open(500, 900, ["pay"]) })).answer).toBe("pass");
  expect(maintenance.check(decideInput({ plan: nodePlan(), spec: open(500, 900) })).answer).toBe("block");
});
