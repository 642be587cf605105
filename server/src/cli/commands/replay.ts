/** `replay ID`: what the engine decided and what this version, or another policy, would have decided on the same inputs. */
import { type Decision, type Policy, type Record, type Replayed, replay } from "@kintsugi/core";
import type { Command } from "commander";
import { openSqliteLedger } from "../../adapters/sqlite/store.ts";
import { RecordPage } from "../../http/schemas.ts";
import { asClient, type CliContext, type ClientFlags, connect, examples } from "../context.ts";
import { CliError, EXIT } from "../exit.ts";
import { show, table, timeText } from "../output.ts";
import { readPolicy } from "../policy-file.ts";
import { printable, type Terminal } from "../terminal.ts";

/** One recorded decision and the same one made again. */
export interface Compared {
  readonly seq: number;
  readonly at: number;
  readonly version: string;
  readonly recorded: { readonly phase: string; readonly reason: string };
  readonly again: { readonly verdict: string; readonly reason: string };
  /** Bit for bit; undefined under another policy, where it is not the question, and where it cannot be made again. */
  readonly same: boolean | undefined;
}

export function replayCommand(program: Command, context: CliContext): void {
  const command = program
    .command("replay")
    .argument("<id>", "for example inc-17")
    .description("make an incident's decisions again from what was recorded, with this version or under another policy")
    .option("--policy <file>", "decide under this policy instead of the one that was in force")
    .option("--store <file>", "read this ledger instead of asking a running engine")
    .action(async (id: string, flags: ClientFlags & { readonly policy?: string; readonly store?: string }) => {
      const policy = flags.policy === undefined ? undefined : readPolicy(flags.policy).policy;
      const records = flags.store === undefined ? await fromApi(context, flags, id) : await fromFile(flags.store, id);
      if (records.length === 0) throw new CliError(EXIT.notFound, `there are no records of ${id}`);
      const compared = compare(records, policy);
      show(context.terminal, flags.output, compared, (value) => comparedText(id, printable(value), policy, context.terminal));
      if (compared.some(({ same }) => same === false))
        throw new CliError(EXIT.failure, `this version decides ${id} otherwise than the one that wrote the record`);
    });
  examples(
    asClient(command),
    "kintsugi replay inc-17",
    "kintsugi replay inc-17 --policy stricter.yaml",
    "kintsugi replay inc-17 --store ./ledger.sqlite -o json",
  );
}

/** Makes every recorded decision of one incident again; records without inputs are no decisions and are left out. */
export function compare(records: readonly Record[], policy?: Policy): readonly Compared[] {
  return records.flatMap((record) => {
    const { body } = record;
    if (body.type !== "incident" || body.inputs === undefined) return [];
    const again = replay(body.inputs, policy);
    const same = policy === undefined && again.type === "decided" ? again.same : undefined;
    return [
      { seq: record.seq, at: record.at, version: record.version, recorded: { phase: body.incident.phase, reason: body.reason }, again: summaryOf(again), same },
    ];
  });
}

function summaryOf(again: Replayed): Compared["again"] {
  switch (again.type) {
    case "decided":
      return { verdict: again.decision.verdict, reason: again.decision.verdict === "act" ? again.plan.summary : reasonsOf(again.decision) };
    case "no-plan":
      return { verdict: "no plan", reason: again.why };
    case "impossible":
      return { verdict: "cannot be made again", reason: again.why };
  }
}

function reasonsOf(decision: Decision): string {
  const stopped = decision.gates.filter(({ answer }) => answer === "block" || answer === "unknown" || (answer === "ask" && decision.verdict === "ask"));
  return stopped.map(({ gate, reason }) => `${gate}: ${reason}`).join("; ");
}

async function fromApi(context: CliContext, flags: ClientFlags, id: string): Promise<readonly Record[]> {
  const client = connect(context, flags);
  const records: Record[] = [];
  let cursor: string | undefined;
  do {
    const query = { incident: id, type: ["incident" as const], inputs: "true" as const, limit: 20, ...(cursor === undefined ? {} : { cursor }) };
    const page = await client.ask((api) => api.GET("/api/v2/records", { params: { query } }), RecordPage);
    records.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined);
  return records;
}

async function fromFile(file: string, id: string): Promise<readonly Record[]> {
  const ledger = openSqliteLedger({ file, create: false });
  try {
    return await ledger.find({ incident: id, types: ["incident"], order: "oldest-first", limit: 10_000, inputs: true });
  } finally {
    await ledger.close();
  }
}

function comparedText(id: string, compared: readonly Compared[], policy: Policy | undefined, terminal: Terminal): string {
  if (compared.length === 0) return `${id} has no recorded decision: it never came to one`;
  const { colours } = terminal;
  const rows = compared.map(({ at, recorded, again, same }) => [
    timeText(at),
    recorded.phase,
    recorded.reason,
    again.verdict,
    again.reason,
    same === undefined ? "" : same ? colours.green("same") : colours.red("differs"),
  ]);
  const under = policy === undefined ? "NOW" : `UNDER ${policy.name}`;
  return table(["TIME (UTC)", "THEN", "WHY", under, "WHY", ""], rows, terminal);
}
