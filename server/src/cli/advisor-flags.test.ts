import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type AdvisorConfig, type AdvisorFlags, advisorFrom, withAdvisorFlags } from "./advisor-flags.ts";

let folder: string;
let key: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "advisor-flags-"));
  key = join(folder, "key");
  writeFileSync(key, "sk-hush\n");
});
afterEach(() => rmSync(folder, { recursive: true }));

const from = (...args: readonly string[]): AdvisorConfig | undefined =>
  advisorFrom(withAdvisorFlags(new Command()).parse(args, { from: "user" }).opts<AdvisorFlags>());

const NAMED = ["--advisor-url", "https://llm.example.org/v1", "--advisor-model", "granite"];

describe("the advisor", () => {
  it("is off unless its address is given", () => {
    expect(from()).toBeUndefined();
    expect(() => from("--advisor-model", "granite")).toThrow("--advisor-url is missing");
  });

  it("has limits of its own, which can be set", () => {
    expect(from(...NAMED)).toMatchObject({ model: "granite", timeoutMs: 20_000, perHour: 30, maxTokens: 700, isPlain: false });
    expect(from(...NAMED, "--advisor-timeout", "5s", "--advisor-per-hour", "3", "--advisor-max-tokens", "100")).toMatchObject({
      timeoutMs: 5_000,
      perHour: 3,
      maxTokens: 100,
    });
  });

  it("reads its key anew for each question", () => {
    const bearer = from(...NAMED, "--advisor-key-file", key)?.bearer;
    expect(bearer?.()).toBe("sk-hush\n");
    writeFileSync(key, "sk-renewed\n");
    expect(bearer?.()).toBe("sk-renewed\n");
  });

  it("takes the whole address of the route as well", () => {
    expect(from("--advisor-url", "http://127.0.0.1:8000/v1/chat/completions", "--advisor-model", "m")?.url.href).toBe("http://127.0.0.1:8000/v1");
  });

  it("says that what it is told is not encrypted, and never sends a key that way", () => {
    const plain = ["--advisor-url", "http://llm.example.org/v1", "--advisor-model", "m"];
    expect(from(...plain)).toMatchObject({ isPlain: true });
    expect(() => from(...plain, "--advisor-key-file", key)).toThrow("not encrypted");
  });

  it.each([
    ["no model", ["--advisor-url", "https://x/v1"], "--advisor-model is missing"],
    ["no address", ["--advisor-url", "llm", "--advisor-model", "m"], "is no address"],
    ["a key in its address", ["--advisor-url", "https://u:hush@x/v1", "--advisor-model", "m"], "may hold no user"],
    ["another timeout", [...NAMED, "--advisor-timeout", "1h"], "--advisor-timeout must be"],
    ["no questions", [...NAMED, "--advisor-per-hour", "0"], "--advisor-per-hour must be"],
    ["endless answers", [...NAMED, "--advisor-max-tokens", "1e9"], "--advisor-max-tokens must be"],
    ["a key that is not there", [...NAMED, "--advisor-key-file", "nowhere"], "there is no such file"],
  ])("is refused with %s", (_, args, message) => {
    expect(() => from(...args)).toThrow(message);
  });
});
