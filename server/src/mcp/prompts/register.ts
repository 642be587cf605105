/** Adds the prompts to a server. */
import { type McpServer, ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/server";
import { cleanText } from "../../untrusted.ts";
import { type Backend, Refusal } from "../backend.ts";
import { PROMPTS } from "./catalog.ts";
import { textOf } from "./prompt.ts";

export function registerPrompts(server: McpServer, backend: Backend): void {
  for (const { name, title, description, arguments: argumentsOf, write } of PROMPTS) {
    server.registerPrompt(name, { title, description, argsSchema: argumentsOf(backend) }, async (given) => {
      try {
        return { description, messages: [{ role: "user", content: { type: "text", text: textOf(await write(given, backend)) } }] };
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        throw new ProtocolError(ProtocolErrorCode.InvalidParams, cleanText(error.message, 1_000));
      }
    });
  }
}
