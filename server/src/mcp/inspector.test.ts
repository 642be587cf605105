/** The inspector's command line, as people look at a server with it, against the whole product over both transports. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SimulatedPlatform, simulatedPlatform } from "../testing/simulated-platform.ts";

const BUILD = join(dirname(fileURLToPath(import.meta.resolve("@modelcontextprotocol/inspector-cli/package.json"))), "build");
const MAIN = fileURLToPath(new URL("../cli/main.ts", import.meta.url));

/** A user's home: `kintsugi mcp` finds the engine by what lies in it. */
const user = mkdtempSync(join(tmpdir(), "kintsugi-inspector-"));
let platform: SimulatedPlatform;
let incident: string;

beforeAll(async () => {
  const home = join(user, ".local", "state", "kintsugi");
  mkdirSync(home, { recursive: true, mode: 0o700 });
  platform = await simulatedPlatform({ home, faults: ["image-not-found"], policy: { rules: [] } });
  incident = (await platform.reaches("awaiting")).id;
});
afterAll(async () => {
  await platform[Symbol.asyncDispose]();
  rmSync(user, { recursive: true, force: true });
});

interface Printed {
  readonly code: number;
  readonly text: string;
}

/** It reads its own package.json by a path from where it is started. */
function inspector(...words: readonly string[]): Promise<Printed> {
  const env = { PATH: process.env["PATH"], HOME: user };
  return new Promise((resolve) => {
    execFile(process.execPath, ["index.js", ...words], { cwd: BUILD, env, timeout: 50_000 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), text: error === null ? stdout : stdout + stderr });
    });
  });
}

const OVER_HTTP = () => [`${platform.url}/mcp`, "--transport", "http", "--header", `Authorization: Bearer ${platform.mcpToken}`];
const OVER_STDIO = () => [process.execPath, MAIN, "mcp"];

// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
async function answered(target: () => readonly string[], ...words: readonly string[]): Promise<any> {
  const { code, text } = await inspector(...target(), ...words);
  expect(code, text).toBe(0);
  return JSON.parse(text);
}

describe.each([
  ["over HTTP", OVER_HTTP],
  ["over standard input and output", OVER_STDIO],
] as const)("%s the inspector", (_how, target) => {
  it("lists tools, each with schemas and all four hints", async () => {
    const { tools } = await answered(target, "--method", "tools/list");
    expect(tools.map(({ name }: { name: string }) => name)).toContain("get-incident");
    for (const { inputSchema, outputSchema, annotations } of tools) {
      expect(inputSchema.type).toBe("object");
      expect(outputSchema.type).toBe("object");
      expect(Object.keys(annotations).toSorted()).toEqual(["destructiveHint", "idempotentHint", "openWorldHint", "readOnlyHint"]);
    }
  });

  it("calls a tool", async () => {
    const called = await answered(target, "--method", "tools/call", "--tool-name", "get-incident", "--tool-arg", `incident_id=${incident}`);
    expect(called.structuredContent.incident).toMatchObject({ id: incident, phase: "awaiting" });
  });

  it("lists resources and prompts", async () => {
    expect((await answered(target, "--method", "resources/list")).resources).toBeInstanceOf(Array);
    const { prompts } = await answered(target, "--method", "prompts/list");
    expect(prompts.map(({ name }: { name: string }) => name)).toContain("investigate-incident");
  });
});

it("the inspector reads a resource of a template, and gets a prompt", async () => {
  const { resourceTemplates } = await answered(OVER_HTTP, "--method", "resources/templates/list");
  expect(resourceTemplates.map(({ uriTemplate }: { uriTemplate: string }) => uriTemplate)).toContain("incident://{id}");
  const { contents } = await answered(OVER_HTTP, "--method", "resources/read", "--uri", `incident://${incident}`);
  expect(JSON.parse(contents[0].text).incident.id).toBe(incident);
  const { messages } = await answered(OVER_HTTP, "--method", "prompts/get", "--prompt-name", "investigate-incident", "--prompt-args", `id=${incident}`);
  expect(JSON.stringify(messages)).toContain(incident);
});

it("the inspector is told what to do when there is no such incident", async () => {
  const missing = await answered(OVER_HTTP, "--method", "tools/call", "--tool-name", "get-incident", "--tool-arg", "incident_id=inc-999");
  expect(missing.isError).toBe(true);
  expect(missing.content[0].text).toContain("Next: ");
});

it("with the credential of the API the inspector is not let in", async () => {
  const { code, text } = await inspector(
    `${platform.url}/mcp`,
    "--transport",
    "http",
    "--header",
    `Authorization: Bearer ${platform.token}`,
    "--method",
    "tools/list",
  );
  expect(code).not.toBe(0);
  expect(text).toContain("made for MCP");
});
