/** `policy check FILE`, `policy set FILE`. */
import type { Policy } from "@kintsugi/core";
import { type Command, Option } from "commander";
import { z } from "zod";
import { PolicyChange } from "../../answers/policy-change.ts";
import { asClient, type CliContext, type ClientFlags, connect, examples } from "../context.ts";
import { readInput } from "../input-file.ts";
import { FORMATS, type Format, show } from "../output.ts";
import { readPolicy } from "../policy-file.ts";
import { printable } from "../terminal.ts";

interface SetFlags extends ClientFlags {
  readonly dryRun?: boolean;
}

const InForce = z.looseObject({ name: z.string(), hash: z.string() });

export function policyCommands(program: Command, context: CliContext): void {
  const { terminal } = context;
  const policy = program.command("policy").description("policies: what is allowed");
  const check = policy
    .command("check")
    .argument("<file>", "a policy in YAML")
    .description("check a policy: every problem with its line and what would be right")
    .addOption(new Option("-o, --output <format>", "how to print").choices(FORMATS).default("table"))
    .action((file: string, flags: { readonly output: Format }) => {
      const { policy: read, warnings } = readPolicy(file);
      for (const warning of warnings) terminal.remark(`${file}: ${warning}`);
      show(terminal, flags.output, read, summaryText);
    });
  examples(check, "kintsugi policy check policy.yaml", "kintsugi policy check policy.yaml -o yaml    # with every default filled in");

  const set = policy
    .command("set")
    .argument("<file>", "a policy in YAML")
    .description("put a policy in force in the running engine, in place of the one that is; it is kept for the next start")
    .option("--dry-run", "change nothing: show what would change, and which incidents would be decided otherwise")
    .action(async (file: string, flags: SetFlags) => {
      show(terminal, flags.output, await put(context, file, flags), (change) => printable(changeLines(change)).join("\n"));
    });
  examples(asClient(set), "kintsugi policy set policy.yaml --dry-run", "kintsugi policy set policy.yaml");
}

async function put(context: CliContext, file: string, flags: SetFlags): Promise<PolicyChange> {
  const { warnings } = readPolicy(file);
  for (const warning of warnings) context.terminal.remark(`${file}: ${warning}`);
  const client = connect(context, flags);
  const { hash } = await client.ask((api) => api.GET("/api/v2/policy"), InForce);
  // As it is written, comments and all: that is what is kept.
  const document = readInput("the policy", file);
  return client.ask(
    (api) =>
      api.PUT("/api/v2/policy", {
        params: { query: { dryRun: flags.dryRun === true ? "true" : "false" } },
        headers: { "content-type": "application/yaml", "if-match": `"${hash}"` },
        body: document as never,
        bodySerializer: () => document,
      }),
    PolicyChange,
  );
}

function changeLines({ changes, decisions = [], unlooked, text }: PolicyChange): readonly string[] {
  return [
    ...changes.map(({ path, before, after }) => `${path}: ${valueText(before)} -> ${valueText(after)}`),
    ...decisions.map(({ incident, title, before, after }) => `${incident} (${title}): ${decidedText(before)} -> ${decidedText(after)}`),
    ...(unlooked === undefined ? [] : [`${unlooked} more incidents were not looked at`]),
    text,
  ];
}

function valueText(value: unknown): string {
  return value === undefined ? "(none)" : JSON.stringify(value);
}

function decidedText({ verdict, summary, gates }: NonNullable<PolicyChange["decisions"]>[number]["before"]): string {
  if (verdict === undefined) return `no plan: ${summary}`;
  return gates.length === 0 ? verdict : `${verdict} (${gates.map(({ gate, answer }) => `${gate}: ${answer}`).join(", ")})`;
}

function summaryText({ name, hash, spec }: Policy): string {
  const rules = spec.rules.map(({ name: rule, mode }) => `  ${mode.padEnd(8)} ${rule}`);
  return [`${name} is a policy (${hash.slice(0, 12)}); where no rule matches: ${spec.mode}`, ...rules].join("\n");
}
