/** `pause`, `resume`, `silence`, `silences`, `unsilence`, `status`. */
import type { paths } from "@kintsugi/client";
import { parseDuration, type Silence } from "@kintsugi/core";
import type { Command } from "commander";
import type { z } from "zod";
import type { EngineStatus } from "../../engine-facade.ts";
import { type Reply, Silences, Status } from "../../http/schemas.ts";
import { asClient, type CliContext, type ClientFlags, connect, examples } from "../context.ts";
import { CliError, EXIT } from "../exit.ts";
import { ageText, show, table, timeText } from "../output.ts";
import { printable, type Terminal } from "../terminal.ts";

interface SilenceFlags extends ClientFlags {
  readonly namespace?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly mode?: string;
  readonly for: string;
  readonly why: string;
  readonly id?: string;
}

export function switchCommands(program: Command, context: CliContext): void {
  const { terminal } = context;
  const say = (flags: ClientFlags, reply: z.infer<typeof Reply>): void => show(terminal, flags.output, reply, ({ text }) => printable(text));

  for (const [verb, description] of [
    ["pause", "begin nothing new until resumed; what is in flight is finished and verified"],
    ["resume", "lift the pause"],
  ] as const) {
    const command = program
      .command(verb)
      .description(description)
      .requiredOption("--why <text>", "the reason, kept in the ledger")
      .action(async (flags: ClientFlags & { readonly why: string }) =>
        say(flags, await connect(context, flags).tell((api) => api.POST(`/api/v2/${verb}`, { body: { why: flags.why } }))),
      );
    examples(asClient(command), `kintsugi ${verb} --why "${verb === "pause" ? "maintenance of the network" : "maintenance is over"}"`);
  }

  const silence = program
    .command("silence")
    .description("hold whatever matches for a while (patterns with *)")
    .option("-n, --namespace <pattern>")
    .option("--kind <pattern>")
    .option("--name <pattern>")
    .option("--mode <pattern>", "failure mode")
    .requiredOption("--for <duration>", "for example 30m, 2h or 1d")
    .requiredOption("--why <text>", "the reason, kept in the ledger")
    .option("--id <id>", "a name for it; made up when missing")
    .action(async (flags: SilenceFlags) => say(flags, await connect(context, flags).tell((api) => api.POST("/api/v2/silences", { body: silenceOf(flags) }))));
  examples(asClient(silence), 'kintsugi silence -n shop --for 2h --why "migration"', 'kintsugi silence --mode forgotten-cordon --for 1d --why "hardware swap"');

  const list = program
    .command("silences")
    .description("list silences in force")
    .action(async (flags: ClientFlags) => {
      const found = await connect(context, flags).ask((api) => api.GET("/api/v2/silences"), Silences);
      show(terminal, flags.output, found, ({ items, now }) => silenceTable(printable(items), now, terminal));
    });
  examples(asClient(list), "kintsugi silences");

  const lift = program
    .command("unsilence")
    .argument("<id>")
    .description("lift a silence")
    .action(async (id: string, flags: ClientFlags) =>
      say(flags, await connect(context, flags).tell((api) => api.DELETE("/api/v2/silences/{id}", { params: { path: { id } } }))),
    );
  examples(asClient(lift), "kintsugi unsilence sil-3f9a1c");

  const status = program
    .command("status")
    .description("what the engine sees and may do")
    .action(async (flags: ClientFlags) => {
      const found = await connect(context, flags).ask((api) => api.GET("/api/v2/status"), Status);
      show(terminal, flags.output, found, (value) => statusText(printable(value), terminal));
    });
  examples(asClient(status), "kintsugi status");
}

type NewSilence = paths["/api/v2/silences"]["post"]["requestBody"]["content"]["application/json"];

function silenceOf(flags: SilenceFlags): NewSilence {
  const { namespace, kind, name, mode, why, id } = flags;
  if (namespace === undefined && kind === undefined && name === undefined && mode === undefined) {
    throw new CliError(EXIT.usage, "a silence of everything is a pause: name --namespace, --kind, --name or --mode, or use `kintsugi pause`");
  }
  if ((parseDuration(flags.for) ?? 0) <= 0) throw new CliError(EXIT.usage, `--for ${flags.for} is not a duration: write for example 30m, 2h or 1d`);
  const chosen = Object.entries({ namespace, kind, name, mode, id }).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(chosen), why, duration: flags.for };
}

function silenceTable(items: readonly Silence[], now: number, terminal: Terminal): string {
  if (items.length === 0) return "no silences";
  const rows = items.map((one) => [one.id, one.namespace ?? "*", one.kind ?? "*", one.name ?? "*", one.mode ?? "*", ageText(one.until - now), one.by, one.why]);
  return table(["ID", "NAMESPACE", "KIND", "NAME", "MODE", "LEFT", "BY", "WHY"], rows, terminal);
}

function statusText(status: EngineStatus, { colours }: Terminal): string {
  const blind = status.watches.filter(({ health }) => health !== "live" && health !== "not-served");
  const lines = [
    `cluster    ${status.cluster}`,
    `version    ${status.version}, up since ${timeText(status.startedAt)} UTC`,
    `policy     ${status.policy.name}, default mode ${status.policy.mode} (${status.policy.hash.slice(0, 12)})`,
    `may act    ${authorityText(status)}`,
    `paused     ${status.paused === undefined ? "no" : colours.yellow(status.paused)}`,
    `storm      ${status.storm === undefined ? "no" : colours.yellow(status.storm)}`,
    `sees       ${status.synced ? "everything that decisions need" : colours.red("not everything that decisions need")}`,
  ];
  for (const [health, kinds] of Map.groupBy(blind, (watch) => watch.health))
    lines.push(`           ${health}: ${kinds.map(({ kind }) => kind).join(", ")}${kinds[0]?.reason === undefined ? "" : ` (${kinds[0].reason})`}`);
  if (status.storeTrouble !== undefined) lines.push(`ledger     ${colours.red(status.storeTrouble)}`);
  return lines.join("\n");
}

function authorityText({ authority, now }: EngineStatus): string {
  switch (authority.type) {
    case "read-only":
      return "no: it was started without --act";
    case "waiting":
      return `not now: ${authority.reason}`;
    case "leading":
      return authority.actFrom > now
        ? `not before ${timeText(authority.actFrom)} UTC: what was done lately is in another ledger (leader, epoch ${authority.epoch})`
        : `yes, as the leader of epoch ${authority.epoch}`;
  }
}
