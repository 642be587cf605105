/** `doctor`: what can I reach, what may I do, what is missing. Changes nothing. */
import { ACTIONS, permissionText, type Reviewed } from "@kintsugi/core";
import { type Command, Option } from "commander";
import { hiddenKinds, type KindProbe, KubeconfigError, type Kubernetes, type Probe } from "../../adapters/kubernetes/index.ts";
import { clusterSource, openKubernetes } from "../../compose.ts";
import { Status } from "../../http/schemas.ts";
import { TESTED_KUBERNETES } from "../../version.ts";
import { ApiClient } from "../client.ts";
import { type CliContext, examples } from "../context.ts";
import { CliError, EXIT } from "../exit.ts";
import { FORMATS, type Format, show, table } from "../output.ts";
import { readPolicy } from "../policy-file.ts";
import { printable, type Terminal } from "../terminal.ts";

/** ok: as it should be. note: works, but know this. bad: something will not work. */
export interface Examined {
  readonly what: string;
  readonly state: "ok" | "note" | "bad";
  readonly text: string;
}

interface DoctorFlags {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly policy?: string;
  readonly output: Format;
}

export function doctorCommand(program: Command, context: CliContext): void {
  const command = program
    .command("doctor")
    .description("what can be reached, what may be done, what is missing")
    .option("--kubeconfig <file>", "default: as `serve` would choose")
    .option("--context <name>", "context of the kubeconfig; default: its current one")
    .option("--policy <file>", "check this policy too")
    .addOption(new Option("-o, --output <format>", "how to print").choices(FORMATS).default("table"))
    .action(async (flags: DoctorFlags) => {
      const examined = [examineNode(process.version), ...(await examineCluster(context, flags)), ...examinePolicy(flags.policy), await examineApi(context)];
      show(context.terminal, flags.output, examined, (all) => examinedText(printable(all), context.terminal));
      const bad = examined.filter(({ state }) => state === "bad");
      if (bad.length > 0) throw new CliError(EXIT.failure, `${bad.length} of ${examined.length} will not work`);
    });
  examples(command, "kintsugi doctor", "kintsugi doctor --kubeconfig F --policy policy.yaml", "kintsugi doctor -o json");
}

function examineNode(version: string): Examined {
  const isRight = Number(version.slice(1).split(".")[0]) >= 24;
  return { what: "Node", state: isRight ? "ok" : "bad", text: isRight ? version : `${version} is too old: 24 or newer is needed` };
}

async function examineCluster(context: CliContext, flags: DoctorFlags): Promise<readonly Examined[]> {
  let kubernetes: Kubernetes;
  try {
    kubernetes = openKubernetes(context.config, clusterSource(context.config, flags));
  } catch (error) {
    if (error instanceof KubeconfigError) return [{ what: "cluster", state: "bad", text: error.message }];
    throw error;
  }
  try {
    const probe = await kubernetes.probe();
    const seen = examineProbe(probe);
    return probe.reachable && probe.problem === "" ? [...seen, ...(await examineActions(kubernetes))] : seen;
  } finally {
    await kubernetes.close();
  }
}

/** What a probe of the cluster says, one line per matter. */
export function examineProbe(probe: Probe): readonly Examined[] {
  if (!probe.reachable || probe.problem !== "") return [{ what: "cluster", state: "bad", text: `${probe.server}: ${probe.problem}` }];
  const who = probe.identity === undefined ? "the API server does not say as whom" : `as ${probe.identity.username}`;
  return [{ what: "cluster", state: "ok", text: `${probe.server}, ${who}` }, examineVersion(probe.serverVersion), ...examineKinds(probe)];
}

function examineVersion(version: string): Examined {
  const minor = /^v?(\d+\.\d+)/.exec(version)?.[1];
  if (minor === undefined) return { what: "Kubernetes", state: "note", text: "the API server does not say its version: untested" };
  if (TESTED_KUBERNETES.includes(minor)) return { what: "Kubernetes", state: "ok", text: `${version}: the real-cluster tests ran on ${minor}` };
  return { what: "Kubernetes", state: "note", text: `${version}: untested; the real-cluster tests ran on ${TESTED_KUBERNETES.join(" and ")}` };
}

function examineKinds({ kinds }: Probe): readonly Examined[] {
  const hidden = hiddenKinds({ kinds });
  const of = (fits: (probe: KindProbe) => boolean): readonly KindProbe[] => kinds.filter((probe) => !hidden.includes(probe.kind) && fits(probe));
  const seen = of(({ served, list, watch }) => served === "yes" && list === "allowed" && watch === "allowed");
  const absent = of(({ served }) => served === "no");
  const unknown = of(({ served, list, watch }) => served === "unknown" || (served === "yes" && (list === "unknown" || watch === "unknown")));
  const lines: Examined[] = [
    { what: "may watch", state: seen.length > 0 ? "ok" : "bad", text: seen.length > 0 ? names(seen.map(({ kind }) => kind)) : "nothing" },
  ];
  if (hidden.length > 0)
    lines.push({
      what: "may not watch",
      state: "bad",
      text: `${names(hidden)}: what depends on them is held; \`kintsugi rbac | kubectl apply -f -\` grants list and watch`,
    });
  if (absent.length > 0) lines.push({ what: "not served", state: "note", text: names(absent.map(({ kind }) => kind)) });
  for (const [reason, group] of Map.groupBy(unknown, (probe) => probe.reason))
    lines.push({ what: "not known", state: "note", text: `${names(group.map(({ kind }) => kind))}${reason === "" ? "" : ` (${reason})`}` });
  return lines;
}

function names(kinds: readonly string[]): string {
  return kinds.join(", ");
}

/** As whoever the kubeconfig says: what it could carry out with `--act`. */
async function examineActions(kubernetes: Kubernetes): Promise<readonly Examined[]> {
  const lines: Examined[] = [];
  for (const action of ACTIONS) {
    const missing: string[] = [];
    for (const permission of action.permissions) {
      const answer: Reviewed = await kubernetes.cluster.review(permission);
      if (answer !== "allowed") missing.push(answer === "unknown" ? `${permissionText(permission)} (not known)` : permissionText(permission));
    }
    lines.push({
      what: `action ${action.id}`,
      state: missing.length === 0 ? "ok" : "note",
      text: missing.length === 0 ? "may be carried out in every namespace" : `lacks ${missing.join(", ")}`,
    });
  }
  return lines;
}

function examinePolicy(file: string | undefined): readonly Examined[] {
  if (file === undefined) return [];
  try {
    const { policy, warnings } = readPolicy(file);
    return [{ what: "policy", state: warnings.length === 0 ? "ok" : "note", text: [`${file}: ${policy.name}`, ...warnings].join("; ") }];
  } catch (error) {
    if (error instanceof CliError) return [{ what: "policy", state: "bad", text: error.message }];
    throw error;
  }
}

async function examineApi({ config }: CliContext): Promise<Examined> {
  try {
    const client = ApiClient.find(config, {});
    const { version } = await client.ask((api) => api.GET("/api/v2/status"), Status);
    return { what: "engine", state: "ok", text: `version ${version} at ${client.url}` };
  } catch (error) {
    if (error instanceof CliError) return { what: "engine", state: "note", text: error.message };
    throw error;
  }
}

const MARKS = { ok: "ok", note: "note", bad: "BAD" } as const;

function examinedText(all: readonly Examined[], terminal: Terminal): string {
  const { green, yellow, red } = terminal.colours;
  const paint = { ok: green, note: yellow, bad: red };
  return table(
    ["", "WHAT", ""],
    all.map(({ what, state, text }) => [paint[state](MARKS[state]), what, text]),
    terminal,
  );
}
