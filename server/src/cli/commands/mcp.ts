/** `mcp`: the running engine for an assistant on this machine, over standard input and output. */
import { join } from "node:path";
import type { Command } from "commander";
import type { Engine } from "../../mcp/engine-backend.ts";
import { serveMcpOverStdio } from "../../mcp/stdio.ts";
import { VERSION } from "../../version.ts";
import { localEngine } from "../client.ts";
import { type CliContext, examples } from "../context.ts";
import { CliError, EXIT } from "../exit.ts";
import { readInput } from "../input-file.ts";
import { untilSignal } from "../signals.ts";

interface McpFlags {
  readonly server?: string;
  readonly tokenFile?: string;
}

export function mcpCommand(program: Command, context: CliContext): void {
  const command = program
    .command("mcp")
    .description("serve the Model Context Protocol on standard input and output, for an assistant; it may look, deny, undo and pause, and can never approve")
    .option("--server <url>", "address of the API; default: the engine that runs here")
    .option("--token-file <file>", "file of the credential made for MCP; needed with --server; default: the one of the engine that runs here")
    .action(async (flags: McpFlags) => {
      const { config, terminal } = context;
      const stop = new AbortController();
      void untilSignal().then(() => stop.abort());
      // A wrong address is a mistake to be told at once; an engine that does not run yet is not.
      if (flags.server !== undefined) findEngine(context, flags);
      await serveMcpOverStdio({
        ...{ version: VERSION, actor: config.actor, input: process.stdin, output: process.stdout, signal: stop.signal },
        log: (text) => terminal.remark(text),
        find: () => findEngine(context, flags),
      });
    });
  examples(command, "kintsugi mcp", "kintsugi mcp --server https://kintsugi.example.org --token-file ~/.kintsugi-mcp-token");
}

/** The token of the API (`KINTSUGI_TOKEN_FILE`) is never taken here: who holds it can approve. */
function findEngine({ config }: CliContext, flags: McpFlags): Engine {
  const asked = (flags.server ?? config.server)?.replace(/\/+$/, "");
  if (asked !== undefined && (!/^https?:\/\//.test(asked) || !URL.canParse(asked)))
    throw new CliError(EXIT.usage, `--server ${asked} is no address: write for example http://127.0.0.1:8080`);
  if (asked !== undefined && flags.tokenFile !== undefined) return { url: asked, token: tokenIn(flags.tokenFile) };
  const local = localEngine(config.home, asked);
  return { url: local.url, token: tokenIn(flags.tokenFile ?? local.mcpTokenFile ?? join(config.home, "mcp-token")) };
}

function tokenIn(file: string): string {
  return readInput("the credential for MCP", file, "name its file with --token-file, the engine says the path when it starts").trim();
}
