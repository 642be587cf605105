import { parseArgs } from "node:util";
import { build } from "./src/build.ts";
import { ClusterError, down, open, up } from "./src/index.ts";
import { defaultName, settingsOf, type UpOptions } from "./src/options.ts";
import { status } from "./src/status.ts";

const usage = `A real Kubernetes for tests, on this machine.

  node cluster/main.ts up [--name NAME] [--nodes 2] [--virtual 3] [--crash-backoff-seconds 10]
  node cluster/main.ts status [--name NAME]
  node cluster/main.ts node-stop [--name NAME] NODE
  node cluster/main.ts node-start [--name NAME] NODE
  node cluster/main.ts down [--name NAME]
  node cluster/main.ts build

NAME is ${defaultName} unless given. KUBERNETES_VERSION chooses another version that cluster/go knows.`;

const log = (line: string): void => console.error(`cluster: ${line}`);

type Command = (name: string, operands: readonly string[], options: UpOptions) => Promise<void>;

const commands: Record<string, Command> = {
  up: async (_name, _operands, options) => {
    const started = Date.now();
    const cluster = await up({ ...options, log, signal: abortOnSignal() });
    log(`up in ${Math.round((Date.now() - started) / 1000)} s`);
    console.log(`export KUBECONFIG=${cluster.kubeconfigPath}`);
  },
  down: (name) => down(name, log),
  status: async (name) => {
    const { lines, well } = await status(name);
    console.log(lines.join("\n"));
    if (!well) process.exitCode = 1;
  },
  "node-stop": (name, operands) => open(name).stopKubelet(oneNode(operands)),
  "node-start": (name, operands) => open(name).startKubelet(oneNode(operands)),
  build: async (_name, _operands, options) => {
    for (const folder of Object.values(await build(settingsOf(options).kubernetesVersion, { log, signal: abortOnSignal() }))) console.log(folder);
  },
};

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      name: { type: "string" },
      nodes: { type: "string" },
      virtual: { type: "string" },
      "crash-backoff-seconds": { type: "string" },
      help: { type: "boolean" },
    },
  });
  const [word = "", ...operands] = positionals;
  const command = commands[word];
  if (values.help === true || command === undefined) {
    console.error(usage);
    process.exitCode = values.help === true ? 0 : 2;
    return;
  }
  await command(values.name ?? defaultName, operands, {
    ...(values.name === undefined ? {} : { name: values.name }),
    ...(values.nodes === undefined ? {} : { nodes: Number(values.nodes) }),
    ...(values.virtual === undefined ? {} : { virtual: Number(values.virtual) }),
    ...(values["crash-backoff-seconds"] === undefined ? {} : { crashBackoffSeconds: Number(values["crash-backoff-seconds"]) }),
  });
}

function oneNode(operands: readonly string[]): string {
  const [node] = operands;
  if (node === undefined || operands.length > 1) throw new ClusterError("name one node");
  return node;
}

function abortOnSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => controller.abort(new ClusterError(`stopped by ${signal}`)));
  }
  return controller.signal;
}

main().catch((error: unknown) => {
  const known = error instanceof ClusterError || (error instanceof TypeError && "code" in error);
  console.error(known ? `cluster: ${(error as Error).message}` : error);
  process.exitCode = 1;
});
