import { describe, expect, test } from "vitest";
import { differences } from "./compare.ts";
import { joined } from "./recording.ts";

const real = (...courses: readonly string[]) => ({ times: 1, trouble: { Pod: courses } });
const between = (known: readonly string[], seen: string) => differences(real(...known), real(seen));

describe("the simulator's course", () => {
  test("that a recording holds is no difference", () => {
    expect(between(["Pending > Running & running"], "Pending > Running & running")).toEqual([]);
  });

  test("lacks nothing that every recording holds", () => {
    expect(between(["Pending > Running > restarted"], "Pending > Running")).toEqual(["trouble · Pod: never restarted"]);
    expect(between(["Pending > Running > restarted", "Pending > Running"], "Pending > Running")).toEqual([]);
  });

  test("holds nothing that no recording does", () => {
    expect(between(["Pending > Running"], "Pending > Running > Failed")).toEqual(["trouble · Pod: Failed, never on a real cluster"]);
  });

  test("has its facts in an order that came out on a real cluster", () => {
    expect(between(["a > b"], "b > a")).toEqual(["trouble · Pod: b before a"]);
    expect(between(["a > b"], "a & b")).toEqual(["trouble · Pod: a with b"]);
    expect(between(["a & b"], "a > b")).toEqual(["trouble · Pod: a before b"]);
    expect(between(["a > b", "b > a"], "b > a")).toEqual([]);
  });

  test("is of objects in the same roles, in both chapters", () => {
    expect(differences({ times: 1, start: { Job: ["a"] }, trouble: {} }, { times: 1, start: {}, trouble: { Pod: ["a"] } })).toEqual([
      "start · Job: not in the simulator",
      "trouble · Pod: not on a real cluster",
    ]);
  });
});

test("recordings of one scene are joined to all courses that they hold", () => {
  const one = { times: 2, start: { Pod: ["b"] }, trouble: { Pod: ["a"] } };
  const other = { times: 1, start: { Pod: ["a", "b"] }, trouble: { Job: ["a"] } };
  expect(joined(joined(undefined, one), other)).toEqual({ times: 3, start: { Pod: ["a", "b"] }, trouble: { Job: ["a"], Pod: ["a"] } });
});
