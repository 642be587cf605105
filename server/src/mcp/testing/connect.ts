/** Clients of the official SDK, as assistants have them. */
import { PassThrough } from "node:stream";
import { Client, type ClientOptions, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";

import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";

export const REVISIONS = ["2025-11-25", "2026-07-28"] as const;
export type Revision = (typeof REVISIONS)[number];

export function clientOf(revision: Revision, capabilities: ClientOptions["capabilities"] = {}): Client {
  return new Client(
    { name: "test-assistant", version: "1.0.0" },
    { capabilities, versionNegotiation: revision === "2025-11-25" ? { mode: "legacy" } : { mode: { pin: revision } } },
  );
}

/** `url`: of the API, without path. `as`: a revision, or a client that is not connected yet. */
export async function connectHttp(url: string, token: string, as: Revision | Client): Promise<Client> {
  const client = typeof as === "string" ? clientOf(as) : as;
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit: { headers: { authorization: `Bearer ${token}` } } }));
  return client;
}

/** The texts of a result, joined. */
export function textOf(result: { readonly content?: unknown }): string {
  return ((result.content ?? []) as readonly { readonly text?: string }[]).map(({ text }) => text ?? "").join("\n");
}

/** Both ends of a pair of pipes: what the server reads and writes, and a client at the other end, not yet connected. */
export function pipes(): { readonly input: PassThrough; readonly output: PassThrough; readonly transport: StdioServerTransport } {
  const [input, output] = [new PassThrough(), new PassThrough()];
  // Lines of JSON both ways: the SDK's own end of a pipe serves a client as well.
  return { input, output, transport: new StdioServerTransport(output, input) };
}
