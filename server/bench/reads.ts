/**
 * How long reads take while many ask at once, over HTTP and MCP, beside an empty fastify route and a bare server of the MCP SDK.
 *
 * A client is a closed loop: it sends a request, reads the whole answer, thinks, and sends the next one on the same connection. Paced clients
 * think for a time drawn evenly from half to one and a half times its mean; saturating ones do not think at all, so that as many requests as
 * there are clients are always in flight, and what is measured then is how fast the server is, not how long one request takes by itself.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "undici";

export interface Asked {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers: { readonly [name: string]: string };
  readonly body?: string;
}

export interface Pace {
  readonly clients: number;
  /** Mean time between an answer and the next request, ms; each is drawn from half to one and a half times as much. */
  readonly thinkMs: number;
  readonly forMs: number;
}

export interface Reads {
  readonly perSecond: number;
  /** From sending the request until the last byte of the answer, ms. */
  readonly p50: number;
  readonly p99: number;
  /** Bytes of one answer. */
  readonly bytes: number;
}

/** Rejects when an answer is no success. */
export async function reads(url: string, asked: Asked, { clients, thinkMs, forMs }: Pace): Promise<Reads> {
  const pool = new Pool(url, { connections: clients, pipelining: 1 });
  const took: number[] = [];
  let bytes = 0;
  const ask = async (): Promise<void> => {
    const from = performance.now();
    const { statusCode, body } = await pool.request({ ...asked, body: asked.body ?? null });
    const text = await body.text();
    if (statusCode !== 200 || text.includes('"isError":true')) throw new Error(`${asked.method} ${asked.path}: ${statusCode} ${text.slice(0, 300)}`);
    took.push(performance.now() - from);
    bytes = text.length;
  };
  const think = (): Promise<unknown> => (thinkMs === 0 ? Promise.resolve() : sleep(thinkMs * (0.5 + Math.random())));
  const client = async (until: number): Promise<void> => {
    // They do not begin as one.
    await sleep(Math.random() * thinkMs);
    while (performance.now() < until) {
      await ask();
      await think();
    }
  };
  const all = (until: number) => Promise.all(Array.from({ length: clients }, () => client(until)));
  await all(performance.now() + Math.min(1_000 + thinkMs, forMs));
  took.length = 0;
  const began = performance.now();
  await all(began + forMs);
  const seconds = (performance.now() - began) / 1_000;
  await pool.close();
  took.sort((a, b) => a - b);
  const at = (share: number): number => took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? Number.NaN;
  return { perSecond: took.length / seconds, p50: at(0.5), p99: at(0.99), bytes };
}

export interface Target {
  readonly url: string;
  readonly api: string;
  readonly mcp: string;
  stop(): void;
}

/** Starts a server of `reads-server.ts` in a process of its own. */
export async function target(...words: readonly string[]): Promise<Target> {
  const child: ChildProcess = spawn(process.execPath, ["--no-warnings", join(import.meta.dirname, "reads-server.ts"), ...words], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const said = await Promise.race([once(child.stdout as NodeJS.ReadableStream, "data"), once(child, "exit").then(() => [Buffer.from("")])]);
  const text = String(said[0]);
  if (text === "") throw new Error(`the server ${words.join(" ")} ended with ${child.exitCode}`);
  return { ...(JSON.parse(text) as Omit<Target, "stop">), stop: () => child.kill() };
}

/** One call of a tool by the specification of 2026-07-28. */
export function toolCall(token: string, name: string, args: object): Asked {
  const version = "2026-07-28";
  const meta = {
    "io.modelcontextprotocol/protocolVersion": version,
    "io.modelcontextprotocol/clientInfo": { name: "bench", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  return {
    method: "POST",
    path: "/mcp",
    headers: {
      ...{ authorization: `Bearer ${token}`, "content-type": "application/json", accept: "application/json, text/event-stream" },
      ...{ "mcp-protocol-version": version, "mcp-method": "tools/call", "mcp-name": name },
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: args, _meta: meta } }),
  };
}
