import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { identityOf, isAlive, liveStartTime, sameProcess, signalProcess } from "./process-identity.ts";

const fields = (state: string, startTime: string) => `${state} ${Array.from({ length: 18 }, () => "0").join(" ")} ${startTime} 0 0`;

describe("the start time of a process", () => {
  it("is found behind a command with spaces and brackets", () => {
    expect(liveStartTime(`42 (a) b (c) ${fields("S", "1234")}`)).toBe(1234);
  });

  it.each(["Z", "X"])("does not exist in state %s: such a process is dead", (state) => {
    expect(liveStartTime(`42 (x) ${fields(state, "1234")}`)).toBeUndefined();
  });
});

describe("a recorded process", () => {
  const recorded = { pid: 7, startTime: 100, bootId: "this boot" };

  it.each([
    ["is gone", undefined, false],
    ["still runs", { ...recorded }, true],
    ["gave its pid to a later one", { ...recorded, startTime: 200 }, false],
    ["ran before the machine started anew", { ...recorded, bootId: "another boot" }, false],
  ])("that %s", (_, now, expected) => {
    expect(sameProcess(recorded, now)).toBe(expected);
  });

  it.runIf(process.platform === "linux")("is signalled once it is known to be the same, and only then", async () => {
    const child = spawn("sleep", ["60"]);
    const identity = identityOf(child.pid ?? 0);
    if (identity === undefined) throw new Error("sleep did not start");
    expect(signalProcess({ ...identity, startTime: identity.startTime + 1 }, "SIGKILL")).toBe(false);
    expect(isAlive(identity)).toBe(true);
    const ended = once(child, "exit");
    expect(signalProcess(identity, "SIGKILL")).toBe(true);
    await ended;
    expect(isAlive(identity)).toBe(false);
    expect(signalProcess(identity, "SIGKILL")).toBe(false);
  });
});
