/** The tools that the conformance suite calls, as it describes them. */
import { type CallToolResult, fromJsonSchema, type McpServer, type ServerContext } from "@modelcontextprotocol/server";
import { z } from "zod";

/** One red pixel. */
export const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
/** The head of a wave file with one silent sample. */
const WAV = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=";

type Content = CallToolResult["content"];
const text = (words: string): Content[number] => ({ type: "text", text: words });
const image: Content[number] = { type: "image", data: PNG, mimeType: "image/png" };

/** Tools without arguments that always say the same. */
const SAYING: { readonly [name: string]: Content } = {
  test_simple_text: [text("This is a simple text response for testing.")],
  test_image_content: [image],
  test_audio_content: [{ type: "audio", data: WAV, mimeType: "audio/wav" }],
  test_embedded_resource: [
    { type: "resource", resource: { uri: "test://embedded-resource", mimeType: "text/plain", text: "This is an embedded resource content." } },
  ],
  test_multiple_content_types: [
    text("Multiple content types test:"),
    image,
    { type: "resource", resource: { uri: "test://mixed-content-resource", mimeType: "application/json", text: JSON.stringify({ test: "data", value: 123 }) } },
  ],
};

/** With every keyword of JSON Schema 2020-12 that has to come through. */
const ADDRESSED = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  $defs: { address: { $anchor: "addressDef", type: "object", properties: { street: { type: "string" }, city: { type: "string" } } } },
  properties: {
    name: { type: "string" },
    address: { $ref: "#/$defs/address" },
    contactMethod: { type: "string", enum: ["phone", "email"] },
    phone: { type: "string" },
    email: { type: "string" },
  },
  allOf: [{ anyOf: [{ required: ["phone"] }, { required: ["email"] }] }],
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  ...{ if: { properties: { contactMethod: { const: "phone" } }, required: ["contactMethod"] }, then: { required: ["phone"] }, else: { required: ["email"] } },
  additionalProperties: false,
} as const;

const IN_HEADER = { type: "object", properties: { region: { type: "string", "x-mcp-header": "Region" } }, required: ["region"] } as const;

const nothing = z.object({});

export function addTools(server: McpServer): void {
  const tool = (name: string, run: (context: ServerContext) => Promise<Content>): void => {
    server.registerTool(name, { description: `For the conformance suite: ${name}`, inputSchema: nothing }, async (_args, context) => ({
      content: await run(context),
    }));
  };
  for (const [name, content] of Object.entries(SAYING)) tool(name, async () => content);
  tool("test_error_handling", async () => {
    throw new Error("This tool intentionally returns an error for testing");
  });
  tool("test_tool_with_progress", async ({ mcpReq }) => {
    const progressToken = mcpReq._meta?.progressToken;
    for (const progress of [0, 50, 100]) {
      if (progressToken !== undefined) await mcpReq.notify({ method: "notifications/progress", params: { progressToken, progress, total: 100 } });
    }
    return [text("done")];
  });
  for (const name of ["test_tool_with_logging", "test_logging_tool"]) {
    tool(name, async ({ mcpReq }) => {
      for (const words of ["Tool execution started", "Tool processing data", "Tool execution completed"]) await mcpReq.log("info", words);
      return [text("done")];
    });
  }
  server.registerTool(
    "json_schema_2020_12_tool",
    { description: "Tool with JSON Schema 2020-12 features", inputSchema: fromJsonSchema(ADDRESSED) },
    async () => ({
      content: [text("done")],
    }),
  );
  server.registerTool("test_header_tool", { description: "An argument that also comes as a header", inputSchema: fromJsonSchema(IN_HEADER) }, async () => ({
    content: [text("done")],
  }));
}
