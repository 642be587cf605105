/** `policy check FILE`. */
import type { Policy } from "@kintsugi/core";
import { type Command, Option } from "commander";
import { type CliContext, examples } from "../context.ts";
import { FORMATS, type Format, show } from "../output.ts";
import { readPolicy } from "../policy-file.ts";

export function policyCommands(program: Command, { terminal }: CliContext): void {
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
}

function summaryText({ name, hash, spec }: Policy): string {
  const rules = spec.rules.map(({ name: rule, mode }) => `  ${mode.padEnd(8)} ${rule}`);
  return [`${name} is a policy (${hash.slice(0, 12)}); where no rule matches: ${spec.mode}`, ...rules].join("\n");
}
