/** The resources and prompts that the conformance suite reads, as it describes them. */
import { type McpServer, ResourceTemplate } from "@modelcontextprotocol/server";
import { z } from "zod";
import { PNG } from "./fixture-tools.ts";

export function addResources(server: McpServer): void {
  const fixed = (uri: string, contents: { readonly mimeType: string; readonly text: string } | { readonly mimeType: string; readonly blob: string }): void => {
    const name = uri.slice("test://".length);
    server.registerResource(name, uri, { description: `For the conformance suite: ${name}`, mimeType: contents.mimeType }, async () => ({
      contents: [{ uri, ...contents }],
    }));
  };
  fixed("test://static-text", { mimeType: "text/plain", text: "This is the content of the static text resource." });
  fixed("test://static-binary", { mimeType: "image/png", blob: PNG });
  fixed("test://watched-resource", { mimeType: "text/plain", text: "Watched resource content" });
  const template = new ResourceTemplate("test://template/{id}/data", { list: undefined });
  server.registerResource(
    "template",
    template,
    { description: "For the conformance suite: a template", mimeType: "application/json" },
    async (uri, { id }) => ({
      contents: [{ uri: uri.href, mimeType: "application/json", text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }) }],
    }),
  );
}

const user = (text: string) => ({ role: "user" as const, content: { type: "text" as const, text } });

export function addPrompts(server: McpServer): void {
  server.registerPrompt("test_simple_prompt", { description: "A simple prompt" }, async () => ({ messages: [user("This is a simple prompt for testing.")] }));
  server.registerPrompt(
    "test_prompt_with_arguments",
    { description: "A prompt with arguments", argsSchema: z.object({ arg1: z.string().describe("first"), arg2: z.string().describe("second") }) },
    async ({ arg1, arg2 }) => ({ messages: [user(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)] }),
  );
  server.registerPrompt(
    "test_prompt_with_embedded_resource",
    { description: "A prompt with a resource", argsSchema: z.object({ resourceUri: z.string().describe("URI of the resource to embed") }) },
    async ({ resourceUri: uri }) => ({
      messages: [
        { role: "user", content: { type: "resource", resource: { uri, mimeType: "text/plain", text: "Embedded resource content for testing." } } },
        user("Please process the embedded resource above."),
      ],
    }),
  );
  server.registerPrompt("test_prompt_with_image", { description: "A prompt with an image" }, async () => ({
    messages: [{ role: "user", content: { type: "image", data: PNG, mimeType: "image/png" } }, user("Please analyze the image above.")],
  }));
}
