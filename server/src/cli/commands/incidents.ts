/** `incidents`, `incident ID`, `explain ID|OBJECT`. */
import { FAILURE_MODES, type Incident, type Record } from "@kintsugi/core";
import { type Command, Option } from "commander";
import type { z } from "zod";
import { explainIncident } from "../../answers/explain-incident.ts";
import { ExplainedIncident, Explanation, IncidentDetail, IncidentPage, PHASES, SEVERITIES } from "../../http/schemas.ts";
import { parseObject } from "../../kind-names.ts";
import { asClient, type CliContext, type ClientFlags, connect, examples } from "../context.ts";
import { CliError, EXIT } from "../exit.ts";
import { show, table, timeText } from "../output.ts";
import { incidentTable, phaseText, sectionsText } from "../render/incidents.ts";
import { printable, type Terminal } from "../terminal.ts";

interface ListFlags extends ClientFlags {
  readonly all?: boolean;
  readonly phase?: readonly string[];
  readonly severity?: readonly string[];
  readonly namespace?: readonly string[];
  readonly mode?: readonly string[];
  readonly limit: string;
}

type Page = z.infer<typeof IncidentPage>;

export function incidentCommands(program: Command, context: CliContext): void {
  const { terminal } = context;
  const list = program
    .command("incidents")
    .description("list incidents that have not ended")
    .option("-a, --all", "ended ones too")
    .addOption(new Option("--phase <phase...>", "only these phases").choices(PHASES))
    .addOption(new Option("--severity <severity...>", "only these severities").choices(SEVERITIES))
    .option("-n, --namespace <name...>", "only these namespaces")
    .addOption(new Option("--mode <mode...>", "only these failure modes").choices(FAILURE_MODES.map(({ id }) => id)))
    .option("--limit <number>", "at most this many", "100")
    .action(async (flags: ListFlags) => {
      const page = await fetchIncidents(context, flags);
      show(terminal, flags.output, page, ({ items, now }) => incidentTable(items, now, terminal));
      if (page.next !== undefined && flags.output === "table") terminal.remark(`more than ${flags.limit}; narrow it down or raise --limit`);
    });
  examples(asClient(list), "kintsugi incidents", "kintsugi incidents --all -n shop", "kintsugi incidents --phase awaiting -o json");

  const one = program
    .command("incident")
    .argument("<id>", "for example inc-17")
    .description("one incident: what broke, why, what was done, and every record of it")
    .action(async (id: string, flags: ClientFlags) => {
      const detail = await connect(context, flags).ask((api) => api.GET("/api/v2/incidents/{id}", { params: { path: { id } } }), IncidentDetail);
      show(
        terminal,
        flags.output,
        detail,
        ({ incident, timeline }) => `${sectionsText(explainIncident(incident), terminal)}\n\n${timelineText(timeline, terminal)}`,
      );
    });
  examples(asClient(one), "kintsugi incident inc-17", "kintsugi incident inc-17 -o yaml");

  const why = program
    .command("explain")
    .argument("<incident|object>", "inc-17, or KIND/NAMESPACE/NAME, or KIND/NAME for nodes")
    .description("why something or nothing was done, for an incident or for any object")
    .action((what: string, flags: ClientFlags) => explain(context, what, flags));
  examples(asClient(why), "kintsugi explain inc-17", "kintsugi explain deployment/shop/cart", "kintsugi explain node/worker-3");
}

async function fetchIncidents(context: CliContext, flags: ListFlags): Promise<Page> {
  const limit = Number(flags.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000) throw new CliError(EXIT.usage, `--limit ${flags.limit} is not a number from 1 to 10000`);
  const client = connect(context, flags);
  const { severity, namespace, mode, phase = flags.all === true ? undefined : ["live"] } = flags;
  const chosen = Object.fromEntries(Object.entries({ phase, severity, namespace, mode }).filter(([, values]) => values !== undefined));
  const items: Incident[] = [];
  let next: string | undefined;
  let now = context.now();
  do {
    const query = { ...chosen, limit: Math.min(200, limit - items.length), ...(next === undefined ? {} : { cursor: next }) };
    const page: Page = await client.ask((api) => api.GET("/api/v2/incidents", { params: { query } }), IncidentPage);
    items.push(...page.items);
    next = page.next;
    now = page.now;
  } while (next !== undefined && items.length < limit);
  return { items, now, ...(next === undefined ? {} : { next }) };
}

async function explain(context: CliContext, what: string, flags: ClientFlags): Promise<void> {
  const { terminal } = context;
  const client = connect(context, flags);
  if (/^inc-\d+$/.test(what)) {
    const explained = await client.ask((api) => api.GET("/api/v2/incidents/{id}/explain", { params: { path: { id: what } } }), ExplainedIncident);
    show(terminal, flags.output, explained, ({ sections }) => sectionsText(sections, terminal));
    return;
  }
  const parsed = parseObject(what);
  if (!parsed.ok) throw new CliError(EXIT.usage, `${what} is neither an incident (inc-17) nor an object: ${parsed.why}`);
  const { kind, namespace, name } = parsed.ref;
  const path = { kind, namespace: namespace === "" ? "-" : namespace, name };
  const explanation = await client.ask((api) => api.GET("/api/v2/explain/{kind}/{namespace}/{name}", { params: { path } }), Explanation);
  show(terminal, flags.output, explanation, ({ lines }) => printable(lines).join("\n"));
  if (!explanation.observed) throw new CliError(EXIT.notFound, `${what} is not in what the engine sees`);
}

function timelineText(timeline: readonly Record[], terminal: Terminal): string {
  const rows = timeline.map((record) => [timeText(record.at), record.actor.name, stepText(record, terminal), printable(reasonOf(record))]);
  return `${terminal.colours.bold("Records")}\n${table(["TIME (UTC)", "BY", "WHAT", "WHY"], rows, terminal)}`;
}

function stepText({ body }: Record, terminal: Terminal): string {
  if (body.type === "act") return `${body.undo ? "undo" : "act"}: ${body.step.verb} ${body.target.kind} ${body.target.name}`;
  if (body.type !== "incident") return body.type;
  return body.from === body.incident.phase ? phaseText(body.incident.phase, terminal) : `${body.from} -> ${phaseText(body.incident.phase, terminal)}`;
}

function reasonOf({ body }: Record): string {
  if (body.type === "act") return body.attempt;
  return "reason" in body ? body.reason : "";
}
