import { expect, it } from "vitest";
import { rankRootCauses } from "../../src/index.ts";
import { grownIncident } from "./grown-incident.ts";
import { madeIncident } from "./made-incident.ts";
import { recallAt } from "./recall.ts";

it("is the same for the same seed, and its cause is a node with samples", () => {
  const made = madeIncident(3);
  expect(madeIncident(3)).toEqual(made);
  expect(madeIncident(4)).not.toEqual(made);
  expect(made.incident.series.some(({ node }) => node === made.cause)).toBe(true);
});

it("is one whose cause this library finds nearly always among the first three", () => {
  const made = Array.from({ length: 20 }, (_, seed) => madeIncident(seed));
  const found = made.reduce((sum, { incident, cause }) => sum + recallAt(rankRootCauses(incident), cause, 3), 0);
  expect(found).toBeGreaterThanOrEqual(18);
});

it("of any size has the service in the middle at fault", () => expect(rankRootCauses(grownIncident(100))[0]?.node).toBe("s50"));
