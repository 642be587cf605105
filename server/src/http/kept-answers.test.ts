import { expect, it } from "vitest";
import { KeptAnswers } from "./kept-answers.ts";

const HOUR = 3_600_000;
const answer = (text: string) => ({ status: 200, text, headers: {} });

it("says of a key that it is new, then under way, then what was answered", () => {
  const kept = new KeptAnswers();
  expect(kept.begin("ada 1", "pause", 0)).toEqual({ type: "new" });
  expect(kept.begin("ada 1", "pause", 0)).toEqual({ type: "under-way" });
  kept.keep("ada 1", answer("paused"));
  expect(kept.begin("ada 1", "pause", 1)).toEqual({ type: "kept", answer: answer("paused") });
  expect(kept.begin("ada 1", "resume", 1)).toEqual({ type: "other" });
  expect(kept.begin("bob 1", "pause", 1)).toEqual({ type: "new" });
});

it("knows nothing more of what is forgotten, or older than a day", () => {
  const kept = new KeptAnswers();
  kept.begin("a", "x", 0);
  kept.forget("a");
  expect(kept.begin("a", "y", 0)).toEqual({ type: "new" });
  kept.keep("a", answer("done"));
  expect(kept.begin("a", "y", 23 * HOUR).type).toBe("kept");
  expect(kept.begin("a", "y", 24 * HOUR).type).toBe("new");
});

it.each([
  ["entries", { entries: 3, bytes: 1e6, forMs: HOUR }],
  ["bytes", { entries: 1e6, bytes: 36, forMs: HOUR }],
])("holds no more than so many %s: the oldest goes, but never what is under way", (_what, bounds) => {
  const kept = new KeptAnswers(bounds);
  kept.begin("0", "x", 0);
  for (const key of ["1", "2", "3"]) {
    kept.begin(key, "x", 0);
    kept.keep(key, answer("0123456789"));
  }
  expect(kept.begin("0", "x", 1).type).toBe("under-way");
  expect(kept.begin("3", "x", 1).type).toBe("kept");
  expect(kept.begin("1", "x", 1).type).toBe("new");
});
