import { describe, expect, test } from "vitest";
import { isWell } from "../scenario/stage.ts";
import { nothingWrong } from "./nothing-wrong.ts";
import { play } from "./testing/play.ts";

describe("nothing wrong", () => {
  test("an hour passes and every application is as well as before", () => {
    const story = play(nothingWrong);
    story.wait(60);
    expect(story.stage.apps.filter((app) => !isWell(story.stage, app.ref))).toEqual([]);
    expect(story.messages("BackOff")).toEqual([]);
  });
});
