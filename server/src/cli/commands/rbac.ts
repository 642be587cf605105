/** `rbac`: the rights that the engine needs, as manifests. */
import type { Command } from "commander";
import { stringify } from "yaml";
import { rbacManifests } from "../../rbac.ts";
import { type CliContext, examples } from "../context.ts";

export function rbacCommand(program: Command, { terminal }: CliContext): void {
  const command = program
    .command("rbac")
    .description(
      "print the namespace, service account and roles that the engine needs, made from what it watches and its actions declare, and roles for people to be bound",
    )
    .option("--act", "also what it needs to act")
    .action((flags: { readonly act?: boolean }) => {
      const documents = rbacManifests({ act: flags.act === true }).map((manifest) => stringify(manifest, { aliasDuplicateObjects: false }));
      terminal.print(documents.join("---\n").trimEnd());
    });
  examples(command, "kintsugi rbac | kubectl apply -f -", "kintsugi rbac --act | kubectl apply -f -");
}
