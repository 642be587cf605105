/** `make bench-anomaly DATA=folder [PARTS="nab speed"] [OUT=folder]`: every benchmark whose data is there, as Markdown and as pictures. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import type { Part } from "./part.ts";
import { PARTS } from "./parts.ts";
import { markdownOf, pictureOf } from "./report.ts";

const [data = "", out = "", ...names] = process.argv.slice(2);
const chosen = names.length === 0 ? PARTS : names.map(partNamed);
const runnable = chosen.filter(hasData);
const sets = [...new Set(PARTS.flatMap(({ needs }) => needs))].join(", ");
if (runnable.length === 0) fail("nothing to run: extract the data sets into one folder and give it as DATA");
// A folder with a wrong name must not end in half a report that looks whole.
if (names.length === 0 && runnable.every(({ needs }) => needs.length === 0)) {
  fail(
    `"${data}" holds none of ${sets}: give their folder as DATA, or name the parts that need no data: PARTS="${runnable.map(({ name }) => name).join(" ")}"`,
  );
}

mkdirSync(out, { recursive: true });
const document = [`# Anomaly benchmarks`, "", `Node ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model.trim() ?? "unknown processor"}.`, ""];
for (const part of runnable) {
  const began = performance.now();
  say(`== ${part.title}`);
  const tables = await part.run(data, say);
  document.push(`## ${part.title}`, "");
  tables.forEach((table, index) => {
    const text = markdownOf(table);
    document.push(text);
    console.log(`\n${text}`);
    const picture = pictureOf(table);
    if (picture === undefined) return;
    const file = `${part.name}-${index + 1}.svg`;
    writeFileSync(join(out, file), picture);
    document.push(`![${table.title}](${file})`, "");
  });
  // After each part: who ends a long run early keeps what is done.
  writeFileSync(join(out, "report.md"), document.join("\n"));
  say(`== ${part.title} took ${((performance.now() - began) / 1000).toFixed(0)} s`);
}
say(`written: ${join(out, "report.md")}`);

function partNamed(name: string): Part {
  return PARTS.find((part) => part.name === name) ?? fail(`there is no part "${name}": choose among ${PARTS.map((part) => part.name).join(", ")}`);
}

function hasData({ title, needs }: Part): boolean {
  const missing = needs.filter((folder) => !existsSync(join(data, folder)));
  say(
    missing.length === 0
      ? `will run: ${title}${needs.length > 0 ? ` (found ${needs.join(", ")})` : ""}`
      : `left out: ${title}, for "${data}" has no folder ${missing.join(", ")}`,
  );
  return missing.length === 0;
}

function say(line: string): void {
  console.error(line);
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
