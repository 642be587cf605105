/** Turns a Login into request headers and client certificates, and keeps them fresh. */
import { spawn } from "node:child_process";
import { redactText } from "@kintsugi/core";
import { codeOf } from "../network-reason.ts";
import { type Access, type ExecPlugin, type HttpHeaders, KubeconfigError, readFile } from "./kubeconfig.ts";

export interface Clock {
  /** Never steps: how long something is believed. */
  readonly monotonic: () => number;
  /** Milliseconds since 1970: what others write times in. */
  readonly wall: () => number;
}

export interface Credential {
  readonly headers: HttpHeaders;
  readonly cert: Buffer | undefined;
  readonly key: Buffer | undefined;
  /** When it must be asked for again, by the monotonic clock, ms. */
  readonly freshUntil: number;
}

/** How long a token file is believed: the kubelet rotates it at 80 % of its life, client-go also waits a minute. */
const TOKEN_FILE_MS = 60_000;
/** A plugin is asked again this long before its token ends, so that no request is under way with it then. */
const EARLY_MS = 10_000;
/** It is believed at least so long, even where this host's clock says that it has ended: a refusal tells in any case. */
const LEAST_MS = 10_000;
const PLUGIN_TIMEOUT_MS = 60_000;
const PLUGIN_MAX_BYTES = 1 << 20;

/** Throws KubeconfigError where a file or plugin fails. */
export async function obtainCredential(access: Access, environment: Readonly<Record<string, string | undefined>>, clock: Clock): Promise<Credential> {
  const { login, cert, key } = access;
  const fixed = (headers: Readonly<Record<string, string>>, freshUntil: number): Credential => ({
    headers: { ...access.headers, ...headers },
    cert,
    key,
    freshUntil,
  });
  switch (login.type) {
    case "none":
      return fixed({}, Number.POSITIVE_INFINITY);
    case "token":
      return fixed({ authorization: `Bearer ${login.token}` }, Number.POSITIVE_INFINITY);
    case "basic":
      return fixed({ authorization: `Basic ${Buffer.from(`${login.username}:${login.password}`).toString("base64")}` }, Number.POSITIVE_INFINITY);
    case "token-file": {
      const token = readFile(login.path, "the service account's token").toString("utf8").trim();
      if (token === "") throw new KubeconfigError(`the token file ${login.path} is empty`);
      return fixed({ authorization: `Bearer ${token}` }, clock.monotonic() + TOKEN_FILE_MS);
    }
    case "exec": {
      const status = await runPlugin(login.plugin, access, environment);
      const leftMs = Date.parse(status.expirationTimestamp ?? "") - clock.wall();
      return {
        headers: { ...access.headers, ...(status.token === undefined ? {} : { authorization: `Bearer ${status.token}` }) },
        cert: status.clientCertificateData === undefined ? cert : Buffer.from(status.clientCertificateData),
        key: status.clientKeyData === undefined ? key : Buffer.from(status.clientKeyData),
        freshUntil: Number.isNaN(leftMs) ? Number.POSITIVE_INFINITY : clock.monotonic() + Math.max(LEAST_MS, leftMs - EARLY_MS),
      };
    }
  }
}

interface PluginStatus {
  readonly token?: string;
  readonly clientCertificateData?: string;
  readonly clientKeyData?: string;
  readonly expirationTimestamp?: string;
}

/** client-go credential plugin protocol: KUBERNETES_EXEC_INFO in, an ExecCredential on stdout. */
async function runPlugin(plugin: ExecPlugin, access: Access, environment: Readonly<Record<string, string | undefined>>): Promise<PluginStatus> {
  const hint = plugin.installHint === "" ? "" : `; ${plugin.installHint}`;
  const info = {
    apiVersion: plugin.apiVersion,
    kind: "ExecCredential",
    spec: {
      interactive: false,
      ...(plugin.provideClusterInfo
        ? {
            cluster: {
              server: access.server,
              ...(access.ca === undefined ? {} : { "certificate-authority-data": access.ca.toString("base64") }),
              ...(access.serverName === undefined ? {} : { "tls-server-name": access.serverName }),
              ...(access.insecure ? { "insecure-skip-tls-verify": true } : {}),
            },
          }
        : {}),
    },
  };
  const env = { ...environment, ...Object.fromEntries(plugin.env.map(({ name, value }) => [name, value])), KUBERNETES_EXEC_INFO: JSON.stringify(info) };
  const output = await collect(plugin, env, hint);
  let status: PluginStatus | undefined;
  try {
    status = (JSON.parse(output) as { status?: PluginStatus }).status;
  } catch {
    // The parser's message would quote the output, which is a credential.
    throw new KubeconfigError(`the credential plugin ${plugin.command} did not print an ExecCredential`);
  }
  if (status?.token === undefined && status?.clientCertificateData === undefined) {
    throw new KubeconfigError(`the credential plugin ${plugin.command} returned neither a token nor a client certificate`);
  }
  return status;
}

function collect(plugin: ExecPlugin, env: Readonly<Record<string, string | undefined>>, hint: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(plugin.command, plugin.args, { env, stdio: ["ignore", "pipe", "pipe"], timeout: PLUGIN_TIMEOUT_MS });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
      if (stdout.length > PLUGIN_MAX_BYTES) child.kill();
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      stderr = (stderr + chunk).slice(-1000);
    });
    child.on("error", (error) => reject(new KubeconfigError(`cannot run the credential plugin ${plugin.command}: ${codeOf(error)}${hint}`)));
    child.on("close", (code, signal) => {
      if (code === 0) resolve(stdout);
      else {
        const said = redactText(stderr.trim().split("\n").at(-1) ?? "").slice(0, 300);
        reject(new KubeconfigError(`the credential plugin ${plugin.command} failed (${signal ?? `exit ${code}`})${said === "" ? "" : `: ${said}`}${hint}`));
      }
    });
  });
}
