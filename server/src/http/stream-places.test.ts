import { expect, it } from "vitest";
import type { Caller } from "../access/caller.ts";
import { StreamPlaces } from "./stream-places.ts";

const proven = (name: string): Caller => ({ name, groups: [], identity: "proven", audience: "api" });
const claimed = (name: string): Caller => ({ ...proven(name), identity: "claimed" });

it("one of many takes some of the places, and not those of all others", () => {
  const places = new StreamPlaces({ most: 4, mostOfOne: 2 });
  expect([places.take(proven("mallory")).type, places.take(proven("mallory")).type, places.take(proven("mallory")).type]).toEqual(["taken", "taken", "enough"]);
  expect([places.take(proven("ada")).type, places.take(proven("bob")).type, places.take(proven("carol")).type]).toEqual(["taken", "taken", "full"]);
});

it("those who share a token share the places, whatever they call themselves", () => {
  const places = new StreamPlaces({ most: 2, mostOfOne: 1 });
  expect([places.take(claimed("ada")).type, places.take(claimed("ada")).type, places.take(claimed("bob")).type]).toEqual(["taken", "taken", "full"]);
});

it("a place that is left is free, and is not left twice", () => {
  const places = new StreamPlaces({ most: 2, mostOfOne: 2 });
  const first = places.take(proven("ada"));
  places.take(proven("ada"));
  if (first.type !== "taken") throw new Error("there is room for two");
  first.leave();
  first.leave();
  expect([places.take(proven("bob")).type, places.take(proven("bob")).type]).toEqual(["taken", "full"]);
});
