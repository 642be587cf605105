/** One request of the engine's: answer or PortError. */
import { PortError } from "@kintsugi/core";
import { failureOf, failureOfNoAnswer, type Intent, parseStatus } from "./status.ts";
import { type HttpReply, type HttpRequest, NoAnswer, type Transport } from "./transport.ts";

/** Throws PortError for every answer that is not 2xx, and for none. */
export async function ask(transport: Transport, request: HttpRequest, intent: Intent): Promise<HttpReply> {
  const reply = await exchange(transport, request, intent);
  if (reply.status < 200 || reply.status >= 300) throw new PortError(failureOf(parseStatus(reply), intent));
  return reply;
}

/** Any answer of the server, whatever its status. Throws PortError when there is none. */
export async function exchange(transport: Transport, request: HttpRequest, intent: Intent): Promise<HttpReply> {
  try {
    return await transport.send(request);
  } catch (error) {
    if (error instanceof NoAnswer) throw new PortError(failureOfNoAnswer(error, intent));
    throw error;
  }
}

/** The answer's JSON. What is not JSON did not come from an API server: a write's fate is then unknown. */
export function jsonOf(reply: HttpReply, intent: Intent): unknown {
  try {
    return JSON.parse(reply.body);
  } catch {
    const kind = intent === "write" ? "uncertain" : "unavailable";
    throw new PortError({ kind, message: `HTTP ${reply.status} with an answer that is not JSON: not a Kubernetes API server, or cut off` });
  }
}
