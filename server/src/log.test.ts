import { describe, expect, it } from "vitest";
import { openLog } from "./log.ts";

function log(forPeople: boolean) {
  const lines: string[] = [];
  return { lines, logger: openLog({ level: "info", forPeople, colours: false }, { write: (line) => void lines.push(line) }) };
}

describe("the log", () => {
  it("is lines of JSON for machines, each with its time and its level as a word", () => {
    const { lines, logger } = log(false);
    logger.warn({ incident: "inc-1" }, "a notice was not delivered");
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "")).toEqual({
      level: "warn",
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      incident: "inc-1",
      msg: "a notice was not delivered",
    });
  });

  it("is lines of text where a person watches, without what could fool a terminal", () => {
    const { lines, logger } = log(true);
    logger.info({ deleted: 3 }, "old records \u001b[2Jwere deleted");
    expect(lines).toEqual([expect.stringMatching(/^\d\d:\d\d:\d\d info {2}old records \ufffd\[2Jwere deleted {2}deleted=3\n$/)]);
  });

  it("holds no secret and nothing below its level", () => {
    const { lines, logger } = log(false);
    logger.debug("not wanted");
    logger.error({ headers: { authorization: "Bearer hush" }, token: "hush" }, "failed");
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain("hush");
  });
});
