/** A server before ours that shows our credential for a client that has none: the conformance suite knows no way to be given one. Nothing else is changed. */
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Front {
  /** With the path of MCP. */
  readonly url: string;
  close(): Promise<void>;
}

/** `port`: of ours, on loopback. */
export async function frontOf(port: number, token: string): Promise<Front> {
  const server = createServer((asked, answer) => pass(asked, answer, port, token));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/mcp`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function pass(asked: IncomingMessage, answer: ServerResponse, port: number, token: string): void {
  const { method, url, headers } = asked;
  const ours = request({ host: "127.0.0.1", port, method, path: url, headers: { authorization: `Bearer ${token}`, ...headers } }, (reply) => {
    answer.writeHead(reply.statusCode ?? 502, reply.headers);
    answer.flushHeaders();
    reply.pipe(answer);
  });
  ours.on("error", () => answer.destroy());
  answer.on("close", () => ours.destroy());
  asked.pipe(ours);
}
