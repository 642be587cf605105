/** The program as people start it, `kintsugi serve`, in a process of its own with a home, a ledger and an API. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Incident, type Ref, sameRef } from "@kintsugi/core";
import { stringify } from "yaml";
import type { ApiFile } from "../../src/cli/client.ts";
import { policySpec } from "./engine.ts";
import { until } from "./person.ts";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

export interface ServeOptions {
  readonly kubeconfig: string;
  /** Home and ledger: another process started on the same folder goes on where this one ended. */
  readonly folder: string;
  readonly act: boolean;
  readonly policy?: { readonly [field: string]: unknown };
  /** More words of its command line. */
  readonly flags?: readonly string[];
}

export class Served {
  readonly #child: ChildProcess;
  readonly #home: string;
  #said = "";

  private constructor(child: ChildProcess, home: string) {
    this.#child = child;
    this.#home = home;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.#said = (this.#said + chunk.toString("utf8")).slice(-20_000);
      });
    }
  }

  /** Resolves once its API answers. */
  static async start({ kubeconfig, folder, act, policy = {}, flags: more = [] }: ServeOptions): Promise<Served> {
    mkdirSync(folder, { recursive: true });
    const document = { apiVersion: "kintsugi.dev/v1alpha1", kind: "Policy", metadata: { name: "stories" }, spec: policySpec(policy) };
    const policyFile = join(folder, "policy.yaml");
    writeFileSync(policyFile, stringify(document));
    const flags = ["--kubeconfig", kubeconfig, "--policy", policyFile, "--store", join(folder, "ledger.sqlite"), "--listen", "127.0.0.1:0"];
    const child = spawn(process.execPath, [MAIN, "serve", ...flags, ...(act ? ["--act"] : []), ...more], {
      env: environment(folder),
      stdio: ["ignore", "pipe", "pipe"],
    });
    const served = new Served(child, folder);
    await until(
      `it serves; it said ${served.#said}`,
      async () => {
        if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${served.#said}`);
        return /\bAPI http/.test(served.#said);
      },
      30_000,
    );
    return served;
  }

  get said(): string {
    return this.#said;
  }

  /** Where its API is, and the credentials for it. */
  get api(): { readonly url: string; readonly token: string; readonly mcpToken: string } {
    const { url, tokenFile } = JSON.parse(readFileSync(join(this.#home, "api.json"), "utf8")) as ApiFile;
    const read = (file: string) => readFileSync(file, "utf8").trim();
    if (tokenFile === undefined) throw new Error("it takes no generated token: the story has to bring one");
    return { url, token: read(tokenFile), mcpToken: read(join(this.#home, "mcp-token")) };
  }

  /** Asks its API. */
  async get<T>(path: string): Promise<T> {
    const { url, token } = this.api;
    const reply = await fetch(`${url}/api/v2${path}`, { headers: { authorization: `Bearer ${token}` } });
    if (!reply.ok) throw new Error(`GET ${path}: ${reply.status} ${await reply.text()}`);
    return (await reply.json()) as T;
  }

  /** Every incident that it knows, newest first. */
  async incidents(): Promise<readonly Incident[]> {
    return (await this.get<{ items: readonly Incident[] }>("/incidents?limit=200")).items;
  }

  /** True once it has seen the object healthy for long enough to know what good looks like. */
  async knows(ref: Ref): Promise<boolean> {
    const { items } = await this.get<{ items: readonly { body: { known: { ref: Ref } } }[] }>("/records?type=known-good&limit=200");
    return items.some(({ body }) => sameRef(body.known.ref, ref));
  }

  /** A person at the terminal who approves whatever is proposed for this subject, as long as its evidence is unproven. */
  async approveIfAsked(subject: Ref): Promise<void> {
    const incident = await this.incident(subject);
    if (incident?.phase !== "awaiting") return;
    const { code, text } = await this.cli("approve", incident.id, "--yes");
    if (code !== 0) this.#said += `approve ended with ${code}: ${text}`;
  }

  /** What `kintsugi incident` says about it, with every step. */
  async explain(subject: Ref): Promise<string> {
    const incident = await this.incident(subject);
    return incident === undefined ? "there is none" : (await this.cli("incident", incident.id)).text;
  }

  async incident(subject: Ref): Promise<Incident | undefined> {
    return (await this.incidents()).find((incident) => sameRef(incident.subject, subject));
  }

  /** A command at the terminal of the same home. */
  async cli(...words: readonly string[]): Promise<{ readonly code: number; readonly text: string }> {
    try {
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [MAIN, ...words], { env: environment(this.#home) });
      return { code: 0, text: stdout + stderr };
    } catch (error) {
      const { code, stdout = "", stderr = "" } = error as { code?: unknown; stdout?: string; stderr?: string };
      return { code: typeof code === "number" ? code : -1, text: stdout + stderr };
    }
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  async stop(): Promise<void> {
    await this.#end("SIGTERM");
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, "exit");
    this.#child.kill(signal);
    await ended;
  }
}

function environment(home: string): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, KINTSUGI_HOME: home, KINTSUGI_ACTOR: "storyteller", NO_COLOR: "1", NODE_OPTIONS: "--disable-warning=ExperimentalWarning" };
}
