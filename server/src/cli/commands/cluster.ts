/** `remediations`, `topology OBJECT`. */
import { type Command, Option } from "commander";
import { z } from "zod";
import { OUTCOMES, RemediationRow } from "../../answers/remediations.ts";
import { Topology } from "../../answers/topology.ts";
import { parseObject } from "../../kind-names.ts";
import { asClient, type CliContext, type ClientFlags, connect, examples } from "../context.ts";
import { CliError, EXIT } from "../exit.ts";
import { show, table, timeText } from "../output.ts";
import { printable, type Terminal } from "../terminal.ts";

interface RemediationFlags extends ClientFlags {
  readonly namespace?: string[];
  readonly incident?: string;
  readonly outcome?: (typeof OUTCOMES)[number][];
  readonly since?: string;
  readonly limit: string;
}

const RemediationPage = z.object({ items: z.array(RemediationRow), next: z.string().optional() });

export function clusterCommands(program: Command, context: CliContext): void {
  const { terminal } = context;
  const done = program
    .command("remediations")
    .description("what has been done, newest first, and how it went")
    .option("-n, --namespace <name...>", "only these namespaces")
    .option("--incident <id>", "only of this incident")
    .addOption(new Option("--outcome <outcome...>", "only these outcomes").choices(OUTCOMES))
    .option("--since <duration>", "not begun longer ago than this, for example 7d")
    .option("--limit <number>", "at most this many, 200 at most", "50")
    .action(async (flags: RemediationFlags) => {
      const { namespace, incident, outcome, since, limit } = flags;
      const given = Object.fromEntries(Object.entries({ namespace, incident, outcome, since }).filter(([, value]) => value !== undefined));
      const query = { ...given, limit: Number(limit) };
      const page = await connect(context, flags).ask((api) => api.GET("/api/v2/remediations", { params: { query } }), RemediationPage);
      show(terminal, flags.output, page, ({ items }) => remediationTable(items, terminal));
      if (page.next !== undefined && flags.output === "table") terminal.remark(`more than ${limit}; narrow it down or raise --limit`);
    });
  examples(asClient(done), "kintsugi remediations", "kintsugi remediations --outcome did-not-help --since 7d");

  const around = program
    .command("topology")
    .argument("<object>", "KIND/NAMESPACE/NAME, or KIND/NAME for nodes")
    .description("what an object hangs together with: owners, pods, nodes, Services, claims, callers, causes")
    .option("--depth <number>", "how many edges away, 6 at most", "3")
    .action(async (what: string, flags: ClientFlags & { readonly depth: string }) => {
      const parsed = parseObject(what);
      if (!parsed.ok) throw new CliError(EXIT.usage, parsed.why);
      const { kind, namespace, name } = parsed.ref;
      // The API says which kinds it knows the surroundings of.
      const query = { kind: kind as "Pod", name, ...(namespace === "" ? {} : { namespace }), depth: Number(flags.depth) };
      const shown = await connect(context, flags).ask((api) => api.GET("/api/v2/topology", { params: { query } }), Topology);
      show(terminal, flags.output, shown, (answer) => printable(topologyLines(answer)).join("\n"));
      if (shown.truncated && flags.output === "table") terminal.remark("there is more: ask with a smaller --depth, or from another object");
    });
  examples(asClient(around), "kintsugi topology deployment/shop/cart", "kintsugi topology node/worker-3 --depth 1");
}

function remediationTable(items: readonly RemediationRow[], terminal: Terminal): string {
  const rows = items.map(({ id, startedAt, outcome, approvedBy = "", summary, detail }) => [id, timeText(startedAt), outcome, approvedBy, summary, detail]);
  return table(["ID", "BEGUN (UTC)", "OUTCOME", "APPROVED BY", "WHAT", "HOW IT WENT"], rows.map(printable), terminal);
}

function topologyLines({ nodes, edges, unseen }: Topology): readonly string[] {
  const name = (id: string): string => id.replace("//", "/");
  return [
    ...nodes.map(({ id, state, incident }) => `${name(id)}: ${state}${incident === undefined ? "" : ` (${incident})`}`),
    "",
    ...edges.map(({ from, type, to, why }) => `${name(from)} ${type} ${name(to)}${why === undefined ? "" : `: ${why}`}`),
    ...unseen,
  ];
}
