/** `serve`: the engine on a real cluster. Without `--act` it only looks. */
import { CONFIDENCE, DEFAULT_POLICY, parseDuration } from "@kintsugi/core";
import { type Command, Option } from "commander";
import type { Logger } from "pino";
import { hiddenKinds, type Probe } from "../../adapters/kubernetes/index.ts";
import { repairLedger } from "../../adapters/sqlite/repair.ts";
import { clusterSource, composeServe, openKubernetes, type ServeOptions, type Serving } from "../../compose.ts";
import { LOG_LEVELS, type LogLevel, openLog } from "../../log.ts";
import { type AccessFlags, accessChoice, accessOptions, accessWarnings } from "../access-options.ts";
import { type AdvisorFlags, advisorFrom, withAdvisorFlags } from "../advisor-flags.ts";
import { type CliContext, examples } from "../context.ts";
import { CliError, EXIT } from "../exit.ts";
import { explained } from "../explained.ts";
import { readInput } from "../input-file.ts";
import { parseListen } from "../listen.ts";
import { mcpText } from "../mcp-text.ts";
import { modelsFrom } from "../models-flag.ts";
import { readPolicy } from "../policy-file.ts";
import { parsePublicUrl } from "../public-url.ts";
import { untilSignal } from "../signals.ts";

interface ServeFlags extends AdvisorFlags, AccessFlags {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly clusterName?: string;
  readonly policy?: string;
  readonly act?: boolean;
  readonly store?: string;
  readonly listen: string;
  readonly allowHost?: readonly string[];
  readonly openMetrics?: boolean;
  readonly publicUrl?: string;
  readonly webhook?: string;
  readonly webhookSecretFile?: string;
  readonly models?: string;
  readonly retention: string;
  readonly ledgerRepair?: boolean;
  readonly logLevel: LogLevel;
}

export function serveCommand(program: Command, context: CliContext): void {
  const command = program
    .command("serve")
    .description("watch a real cluster and propose what would heal it; writes nothing to the cluster unless --act is given")
    .option("--kubeconfig <file>", "default: KUBECONFIG, ~/.kube/config, or the pod's own service account")
    .option("--context <name>", "context of the kubeconfig; default: its current one")
    .option("--cluster-name <name>", "name of the cluster in records; default: made from its identity")
    .option("--policy <file>", "what is allowed; default: what was put through the API, else suggest everything, do nothing")
    .option("--act", "take the Lease, and carry out what the policy permits or a person approves")
    .option("--store <file>", "the ledger; default: one per cluster in the home folder")
    .option("--ledger-repair", "move a damaged ledger aside, keep what can be proven of it, and start paused")
    .option("--listen <address:port>", "where the API listens", "127.0.0.1:8080")
    .option("--allow-host <name...>", "names besides localhost under which the API is reached")
    .option("--public-url <url>", "the address under which clients know it where a proxy stands before it, for example https://kintsugi.example.org")
    .option("--open-metrics", "/metrics without a token")
    .option("--webhook <url>", "POST a notice there whenever an incident opens, asks, acts, ends or needs a person")
    .option("--webhook-secret-file <file>", "sign each notice with the secret in this file")
    .option("--models <file>", "models that can be asked about rows of numbers: KServe's, or folders of trained ones")
    .option("--retention <duration>", "delete records older than this unless they are still needed", "90d")
    .addOption(new Option("--log-level <level>", "how much is logged").choices(LOG_LEVELS).default("info"))
    .action((flags: ServeFlags) => serve(context, flags));
  withAdvisorFlags(command);
  examples(
    accessOptions(command),
    "kintsugi serve --kubeconfig ~/.kube/config            # look and propose, change nothing",
    "kintsugi serve --kubeconfig F --policy policy.yaml --act",
    "kintsugi serve --auth kubernetes                      # by tokens of the cluster; its RBAC says who may do what",
    "kintsugi serve --listen 0.0.0.0:8080 --allow-host kintsugi.example.org --open-metrics",
  );
}

/** The end must come within this, whatever hangs. */
const STOP_WITHIN_MS = 15_000;

async function serve(context: CliContext, flags: ServeFlags): Promise<void> {
  const logger = openLog({ level: flags.logLevel, forPeople: context.terminal.isWatched, colours: context.terminal.isWatched && context.config.colours });
  try {
    await serveUntilAsked(context, flags, logger);
  } catch (error) {
    const known = explained(error);
    if (known === undefined) throw error;
    // Line by line: a policy with three mistakes is three lines of the log.
    for (const line of known.message.split("\n")) logger.fatal(line);
    throw new CliError(known.code, "");
  }
}

async function serveUntilAsked({ config, now }: CliContext, flags: ServeFlags, logger: Logger): Promise<void> {
  // Before anything else: a signal that comes while it starts must not leave anything behind.
  const signal = untilSignal();
  let hasBegun = false;
  void signal.then((name) => {
    if (hasBegun) return;
    logger.info(`${name}: stopped before it had begun`);
    process.exit(EXIT.ok);
  });
  const fatal = Promise.withResolvers<never>();
  const source = clusterSource(config, flags);
  const access = accessChoice(flags, source.type === "in-cluster");
  const options = { ...optionsOf(flags, logger, (why) => fatal.reject(new CliError(EXIT.failure, why))), access };
  if (flags.ledgerRepair === true) await repair(logger, flags, now());
  const kubernetes = openKubernetes(config, source);
  let serving: Serving;
  try {
    const probe = await kubernetes.probe();
    if (!probe.reachable || probe.problem !== "") throw new CliError(EXIT.unreachable, `${probe.server}: ${probe.problem}; \`kintsugi doctor\` says more`);
    warnOfBlindness(logger, probe);
    for (const warning of await accessWarnings(kubernetes.cluster, access, options.policy.spec)) logger.warn(warning);
    serving = await composeServe(config, kubernetes, options);
  } catch (error) {
    await kubernetes.close();
    throw error;
  }
  hasBegun = true;
  const { platform, storeFile } = serving;
  const { name: policyName, hash } = platform.engine.policy();
  logger.info(`watching ${platform.driver.state.cluster}, policy ${policyName} (${hash.slice(0, 12)})`);
  logger.info(
    options.act
      ? "acting is on: what the policy permits, or a person approves, is carried out"
      : "acting is off: nothing is written to the cluster; add --act to change that",
  );
  const token = platform.tokenFile === undefined ? "" : `, token in ${platform.tokenFile}`;
  logger.info(`API ${platform.url}/api/v2${token}, ledger ${storeFile}`);
  logger.info(mcpText(platform));
  if (access.methods.some((method) => method !== "token")) logger.info(`it lets in by ${access.methods.join(", ")}; RBAC of the cluster says who may do what`);
  const name = await Promise.race([signal, fatal.promise]).catch(async (error: unknown) => {
    await within(STOP_WITHIN_MS, serving.stop());
    throw error;
  });
  logger.info(`${name}: stopping`);
  await within(STOP_WITHIN_MS, serving.stop());
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new CliError(EXIT.failure, `it did not stop within ${ms / 1_000} s`)), ms);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function optionsOf(flags: ServeFlags, logger: Logger, onFatal: (why: string) => void): Omit<ServeOptions, "access"> {
  const read = flags.policy === undefined ? { policy: DEFAULT_POLICY, warnings: [] } : readPolicy(flags.policy);
  for (const warning of read.warnings) logger.warn(`${flags.policy}: ${warning}`);
  const retentionMs = parseDuration(flags.retention) ?? 0;
  // What the engine restores reaches back a week: a shorter retention would only seem to save something.
  if (retentionMs < 7 * 86_400_000)
    throw new CliError(EXIT.usage, `--retention ${flags.retention} is not a duration of a week or more: write for example 30d or 90d`);
  const listen = parseListen(flags.listen);
  const known = flags.publicUrl === undefined ? undefined : parsePublicUrl(flags.publicUrl);
  const advisor = advisorFrom(flags);
  if (!listen.isLoopback) logger.warn(`the API on ${flags.listen} can be reached from other machines, without encryption: put TLS in front of it`);
  return {
    ...{ policy: read.policy, confidence: CONFIDENCE, act: flags.act === true, listen, retentionMs, onFatal, logger },
    ...{ allowHosts: [...(flags.allowHost ?? []).map((name) => name.toLowerCase()), ...(known === undefined ? [] : [known.host])], publicUrl: known?.origin },
    openMetrics: flags.openMetrics === true,
    ...(flags.policy === undefined ? {} : { policyFile: flags.policy }),
    ...(flags.clusterName === undefined ? {} : { clusterName: flags.clusterName }),
    ...(flags.store === undefined ? {} : { store: flags.store }),
    ...(flags.webhook === undefined ? {} : { webhook: webhookOf(flags.webhook, flags.webhookSecretFile) }),
    ...(advisor === undefined ? {} : { advisor }),
    ...(flags.models === undefined ? {} : { models: modelsFrom(flags.models) }),
  };
}

function webhookOf(text: string, secretFile: string | undefined): NonNullable<ServeOptions["webhook"]> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:"))
    throw new CliError(EXIT.usage, "--webhook is no address: write for example https://hooks.example.org/kintsugi");
  if (url.username !== "" || url.password !== "")
    throw new CliError(EXIT.usage, "--webhook may hold no user or password: sign the notices with --webhook-secret-file instead");
  if (secretFile === undefined) return { url };
  const secret = readInput("the webhook's secret", secretFile).trim();
  if (secret === "") throw new CliError(EXIT.usage, `the webhook's secret in ${secretFile} is empty: write some random text into it`);
  return { url, secret };
}

async function repair(logger: Logger, { store }: ServeFlags, at: number): Promise<void> {
  if (store === undefined) throw new CliError(EXIT.usage, "--ledger-repair needs --store FILE: name the ledger that is damaged, as the message about it did");
  const { kept, aside } = await repairLedger(store, at);
  logger.warn(`${kept} records were kept; the damaged ledger is ${aside}; the engine starts paused: look at it, then run \`kintsugi resume --why ...\``);
}

function warnOfBlindness(logger: Logger, probe: Probe): void {
  const hidden = hiddenKinds(probe);
  if (hidden.length > 0)
    logger.warn(`it may not list and watch ${hidden.join(", ")}: what depends on them is held as unknown; \`kintsugi rbac\` prints the rights that it needs`);
}
