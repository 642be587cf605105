/** Entry point of `kintsugi`. */
import { readConfig } from "../config.ts";
import { run } from "./run.ts";
import { processTerminal } from "./terminal.ts";

// A reader that closes the pipe early (`kintsugi incidents | head`) is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});
const config = readConfig();
const code = await run(process.argv.slice(2), { config, terminal: processTerminal(config.colours), now: () => Date.now() });
process.exitCode = code;
