/** Everything that the conformance suite asks a server to have, added to ours. */
import type { McpServer } from "@modelcontextprotocol/server";
import type { Extending } from "../http.ts";
import { addQuestions } from "./fixture-questions.ts";
import { addPrompts, addResources } from "./fixture-texts.ts";
import { addTools } from "./fixture-tools.ts";

export function addFixtures(server: McpServer, { states, tell, isModern }: Extending): void {
  server.server.registerCapabilities({ logging: {}, ...(isModern ? { tools: { listChanged: true }, prompts: { listChanged: true } } : {}) });
  addTools(server);
  addQuestions(server, states);
  addResources(server);
  addPrompts(server);
  for (const [name, kind] of [
    ["test_trigger_tool_change", "tools_list_changed"],
    ["test_trigger_prompt_change", "prompts_list_changed"],
  ] as const) {
    server.registerTool(name, { description: `For the conformance suite: ${name}` }, async () => {
      tell({ kind });
      return { content: [{ type: "text", text: "done" }] };
    });
  }
}
