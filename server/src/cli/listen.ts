/** Addresses to listen on, as people write them. */
import { isIP } from "node:net";
import { CliError, EXIT } from "./exit.ts";

export interface Listen {
  readonly host: string;
  readonly port: number;
  readonly isLoopback: boolean;
}

/** Reads `ADDRESS:PORT`, `[IPV6]:PORT` or a port alone (loopback). Throws CliError. */
export function parseListen(text: string): Listen {
  const match = /^(?:(?:\[([0-9A-Fa-f:]+)\]|([^:[\]]+)):)?(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2] ?? "127.0.0.1";
  const port = Number(match?.[3]);
  if (match === null || port > 65_535 || (host !== "localhost" && isIP(host) === 0)) {
    throw new CliError(EXIT.usage, `--listen ${text} is no address to listen on: write for example 127.0.0.1:8080, 0.0.0.0:8080 or [::1]:8080`);
  }
  return { host, port, isLoopback: host === "localhost" || host === "::1" || host.startsWith("127.") };
}
