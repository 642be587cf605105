/** What people decide: `approve`, `deny`, `undo`, `propose`, `close`. */
import type { Incident, Plan } from "@kintsugi/core";
import type { Command } from "commander";
import type { z } from "zod";
import { backersText, planOf, valueText } from "../../answers/explain-incident.ts";
import { IncidentDetail, type Reply } from "../../http/schemas.ts";
import { asClient, type CliContext, type ClientFlags, connect, examples } from "../context.ts";
import { CliError, EXIT } from "../exit.ts";
import { show } from "../output.ts";
import { printable, type Terminal } from "../terminal.ts";

export function decisionCommands(program: Command, context: CliContext): void {
  const { terminal } = context;
  const say = (flags: ClientFlags, reply: z.infer<typeof Reply>): void => show(terminal, flags.output, reply, ({ text }) => printable(text));

  const approve = program
    .command("approve")
    .argument("<id>", "for example inc-17")
    .description("show the plan and approve exactly that plan")
    .option("-y, --yes", "do not ask; needed where nobody is at the terminal")
    .option("--plan <hash>", "approve only if the plan still has this hash (or begins with it, 12 digits at least)")
    .action(async (id: string, flags: ClientFlags & { readonly yes?: boolean; readonly plan?: string }) => {
      const client = connect(context, flags);
      const { incident } = await client.ask((api) => api.GET("/api/v2/incidents/{id}", { params: { path: { id } } }), IncidentDetail);
      const plan = proposedPlan(incident);
      checkHash(plan, flags.plan);
      if (flags.output === "table") terminal.print([planText(plan, terminal), ...behind(incident)].join("\n"));
      if (flags.yes !== true) await confirm(terminal, `Approve this plan for ${id}?`);
      const body = { planHash: plan.hash };
      say(flags, await client.tell((api) => api.POST("/api/v2/incidents/{id}/approve", { params: { path: { id } }, body })));
    });
  examples(asClient(approve), "kintsugi approve inc-17", "kintsugi approve inc-17 --yes --plan 3f9a1c20b7de");

  for (const { verb, description, example } of [
    {
      verb: "deny",
      description: "deny what is proposed; nothing is done to it for the veto time",
      example: 'kintsugi deny inc-17 --why "we are debugging it"',
    },
    { verb: "undo", description: "take back what was done", example: 'kintsugi undo inc-17 --why "it made things slower"' },
    { verb: "close", description: "end an incident by hand", example: 'kintsugi close inc-17 --why "known, accepted"' },
  ] as const) {
    const command = program
      .command(verb)
      .argument("<id>", "for example inc-17")
      .description(description)
      .requiredOption("--why <text>", "the reason, kept in the ledger")
      .action(async (id: string, flags: ClientFlags & { readonly why: string }) => {
        const given = { params: { path: { id } }, body: { why: flags.why } };
        say(flags, await connect(context, flags).tell((api) => api.POST(`/api/v2/incidents/{id}/${verb}`, given)));
      });
    examples(asClient(command), example);
  }

  const propose = program
    .command("propose")
    .argument("<id>", "for example inc-17")
    .description("look at a held or escalated incident again and propose anew; lifts what a denial or an undo forbids")
    .action(async (id: string, flags: ClientFlags) => {
      say(flags, await connect(context, flags).tell((api) => api.POST("/api/v2/incidents/{id}/propose", { params: { path: { id } } })));
    });
  examples(asClient(propose), "kintsugi propose inc-17");
}

function proposedPlan(incident: Incident): Plan {
  const plan = incident.phase === "resolved" ? undefined : planOf(incident);
  if (plan === undefined)
    throw new CliError(EXIT.refused, `${incident.id} is ${incident.phase} and proposes nothing; \`kintsugi explain ${incident.id}\` says why`);
  return plan;
}

/** Who stands behind it already: where policy wants two, whoever is asked now is the second, or must be somebody else. */
function behind(incident: Incident): readonly string[] {
  return incident.phase === "awaiting" ? backersText(printable(incident)).map((line) => `  ${line}`) : [];
}

function checkHash(plan: Plan, wanted: string | undefined): void {
  if (wanted === undefined) return;
  if (!/^[0-9a-f]{12,64}$/.test(wanted)) throw new CliError(EXIT.usage, `--plan ${wanted} is no hash of a plan: 12 to 64 hexadecimal digits`);
  if (!plan.hash.startsWith(wanted))
    throw new CliError(EXIT.refused, `the plan is now ${plan.hash.slice(0, 12)}, not ${wanted}: look at it again before you approve`);
}

/** What would be done, field by field, and whether it can be taken back. */
function planText(raw: Plan, { colours }: Pick<Terminal, "colours">): string {
  const plan = printable(raw);
  const lines = [`${colours.bold(plan.summary)}`, `  action ${plan.action}, risk ${plan.risk}, plan ${plan.hash.slice(0, 12)}`];
  for (const { path, before, after } of plan.diff) lines.push(`  ${path}`, colours.red(`  - ${valueText(before)}`), colours.green(`  + ${valueText(after)}`));
  lines.push(plan.inverse.type === "none" ? colours.yellow(`  cannot be taken back: ${plan.inverse.why}`) : `  can be taken back (${plan.inverse.type})`);
  return lines.join("\n");
}

/** Throws CliError unless somebody says yes. */
async function confirm(terminal: Terminal, question: string): Promise<void> {
  const answer = await terminal.ask(`${question} [y/N] `);
  if (answer === undefined) throw new CliError(EXIT.usage, "nobody is at the terminal to ask: add --yes once you have read the plan");
  if (!/^y(es)?$/i.test(answer.trim())) throw new CliError(EXIT.failure, "not approved; nothing was sent");
}
