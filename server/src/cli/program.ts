/** The whole command line as a value: commands, options, help. */
import { Command } from "commander";
import { VERSION } from "../version.ts";
import { clusterCommands } from "./commands/cluster.ts";
import { decisionCommands } from "./commands/decisions.ts";
import { demoCommand } from "./commands/demo.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { incidentCommands } from "./commands/incidents.ts";
import { mcpCommand } from "./commands/mcp.ts";
import { policyCommands } from "./commands/policy.ts";
import { rbacCommand } from "./commands/rbac.ts";
import { replayCommand } from "./commands/replay.ts";
import { reportCommand } from "./commands/report.ts";
import { serveCommand } from "./commands/serve.ts";
import { simulateCommand } from "./commands/simulate.ts";
import { switchCommands } from "./commands/switches.ts";
import type { CliContext } from "./context.ts";
import { EXIT_HELP } from "./exit.ts";

const ENVIRONMENT = `Environment:
  KINTSUGI_HOME        folder of the ledger, the token and the running API's address
  KINTSUGI_SERVER      address of the API, as --server
  KINTSUGI_TOKEN_FILE  file of its token, as --token-file
  KINTSUGI_ACTOR       who is at the keyboard, for the ledger
  KINTSUGI_NODE        the node that the engine runs on, where it runs on one: it is protected
  KUBECONFIG           kubeconfig files, as kubectl reads them
  NO_COLOR             print without colours`;

/** Throws CommanderError instead of ending the process; what it prints goes through the terminal. */
export function buildProgram(context: CliContext): Command {
  const program = new Command("kintsugi")
    .description("Heals a Kubernetes cluster, explains why, and can take back what it did.")
    .version(VERSION, "-V, --version")
    .showHelpAfterError("(add --help for how to use it)")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.terminal.print(text.trimEnd()),
      writeErr: (text) => context.terminal.remark(text.trimEnd()),
    })
    .addHelpText(
      "after",
      `\nStart with:\n  kintsugi demo                          a simulated cluster that breaks and heals\n  kintsugi serve --kubeconfig F          your own cluster, looking only\n\n${ENVIRONMENT}\n\n${EXIT_HELP}`,
    );
  demoCommand(program, context);
  serveCommand(program, context);
  incidentCommands(program, context);
  clusterCommands(program, context);
  decisionCommands(program, context);
  switchCommands(program, context);
  mcpCommand(program, context);
  replayCommand(program, context);
  reportCommand(program, context);
  policyCommands(program, context);
  simulateCommand(program, context);
  doctorCommand(program, context);
  rbacCommand(program, context);
  return program;
}
