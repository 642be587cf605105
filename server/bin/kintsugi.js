#!/usr/bin/env node
// Starts the program on a Node that runs TypeScript (24 or newer): this one, or the one that npm has installed beside it.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const NEEDED = 24;
const main = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));
const flags = ["--disable-warning=ExperimentalWarning", "--enable-source-maps"];

/** The `node` package nearest above this file. */
function ownNode() {
  for (let folder = dirname(main); ; folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", "node", "bin", "node");
    if (existsSync(candidate)) return candidate;
    if (dirname(folder) === folder) return undefined;
  }
}

const isNew = Number(process.versions.node.split(".")[0]) >= NEEDED;
const node = isNew ? process.execPath : ownNode();
if (node === undefined) {
  console.error(`kintsugi needs Node ${NEEDED} or newer and this is ${process.version}. Run \`npm install\` in its folder: that installs one beside it.`);
  process.exit(1);
}
const child = spawn(node, [...flags, main, ...process.argv.slice(2)], { stdio: "inherit" });
// A terminal sends its signals to both; a supervisor only to this process. The program takes the second of a kind as "at once", so pass on only what it cannot have got.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    if (!(signal === "SIGINT" && process.stdin.isTTY)) child.kill(signal);
  });
}
child.on("error", (error) => {
  console.error(`kintsugi cannot start ${node}: ${error.message}`);
  process.exit(1);
});
child.on("exit", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
