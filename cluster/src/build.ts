import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { ClusterError } from "./cluster-error.ts";
import { type Component, components } from "./components.ts";
import { execute } from "./execute.ts";
import { cacheFolder, goFolder } from "./paths.ts";

/** Folders that hold the built programs. */
export interface Binaries {
  readonly kubernetes: string;
  readonly etcd: string;
  readonly kwok: string;
}

interface Progress {
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

const environment = (): NodeJS.ProcessEnv => ({ ...process.env, CGO_ENABLED: "0", GOFLAGS: "-buildvcs=false" });

/** Builds what is not in the cache yet; minutes for Kubernetes on a cold machine, nothing after that. */
export async function build(kubernetesVersion: string, progress: Progress): Promise<Binaries> {
  const parts = components(kubernetesVersion);
  return {
    etcd: await built(parts.etcd, progress),
    kwok: await built(parts.kwok, progress),
    kubernetes: await built(parts.kubernetes, progress),
  };
}

async function built(component: Component, progress: Progress): Promise<string> {
  const source = join(goFolder, component.folder);
  if (!existsSync(source)) throw unknownComponent(component.folder);
  const target = join(cacheFolder(), `${component.folder}-${await fingerprint(source, component)}`);
  if (existsSync(target)) return target;
  mkdirSync(cacheFolder(), { recursive: true });
  const draft = mkdtempSync(join(cacheFolder(), `.${component.folder}-`));
  try {
    await goBuild(component, source, draft, progress);
    await copyModuleFiles(component, source, draft);
    publish(draft, target);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return target;
}

/** Two builds may race: what counts is that a whole folder is there. */
function publish(draft: string, target: string): void {
  try {
    renameSync(draft, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  }
}

/** Changes with everything that goes into the programs. */
async function fingerprint(source: string, component: Component): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify(component));
  for (const file of readdirSync(source).sort()) hash.update(file).update(readFileSync(join(source, file)));
  hash.update(await goWords(["env", "GOVERSION", "GOARCH"]));
  return hash.digest("hex").slice(0, 16);
}

function unknownComponent(folder: string): ClusterError {
  const known = readdirSync(goFolder).filter((name) => name.startsWith("kubernetes-"));
  return new ClusterError(`no ${folder} in cluster/go; there are ${known.join(", ")}; set KUBERNETES_VERSION to one`);
}

async function goWords(args: readonly string[]): Promise<string> {
  try {
    return await execute("go", args, environment());
  } catch (error) {
    if (!(error instanceof ClusterError) || !error.message.includes("ENOENT")) throw error;
    throw new ClusterError("no go on the PATH: install Go 1.26 or newer, the cluster is built from Go modules");
  }
}

async function goBuild(component: Component, source: string, out: string, progress: Progress): Promise<void> {
  const { log, signal } = progress;
  signal?.throwIfAborted();
  const args = ["build", "-v", "-trimpath", "-ldflags", component.ldflags, "-o", `${out}/`, ...component.packages];
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  log(`building ${component.folder}`);
  const child = spawn("go", ["-C", source, ...args], { env: environment(), stdio: ["ignore", "inherit", "pipe"], signal });
  let packages = 0;
  let last: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    const lines = text.split("\n").filter(Boolean);
    packages += lines.length;
    last = [...last, ...lines].slice(-20);
  });
  const tick = setInterval(() => log(`building ${component.folder}: ${packages} packages, ${seconds()} s`), 15_000);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", (error) => reject(signal?.aborted === true ? signal.reason : error));
    child.once("close", resolve);
  }).finally(() => clearInterval(tick));
  if (code !== 0) throw new ClusterError(`go build in ${source} failed:\n${last.join("\n")}`);
  log(`built ${component.folder} in ${seconds()} s`);
}

async function copyModuleFiles(component: Component, source: string, out: string): Promise<void> {
  if (component.moduleFiles === undefined) return;
  const { module, files } = component.moduleFiles;
  const folder = (await goWords(["-C", source, "list", "-m", "-f", "{{.Dir}}", module])).trim();
  for (const file of files) cpSync(join(folder, file), join(out, basename(file)));
}
