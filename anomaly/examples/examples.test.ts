/** Every example runs as a user would run it, and prints what its last lines say. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const here = fileURLToPath(new URL("./", import.meta.url));
const examples = readdirSync(here).filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));

it.each(examples)("%s", (name) => {
  const [, promised] = readFileSync(`${here}${name}`, "utf8").split("// prints:\n");
  const lines = promised
    ?.trimEnd()
    .split("\n")
    .map((line) => line.replace(/^\/\/ ?/, ""));
  const printed = execFileSync(process.execPath, ["--no-warnings", `${here}${name}`], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  expect(printed.trimEnd().split("\n")).toEqual(lines);
});
