/** Where assistants find the engine, and with what. */
import type { Platform } from "../platform.ts";

export function mcpText({ url, mcpTokenFile }: Pick<Platform, "url" | "mcpTokenFile">): string {
  const credential = mcpTokenFile === undefined ? "a credential made for MCP" : `the credential in ${mcpTokenFile}`;
  return `MCP ${url}/mcp with ${credential}; on this machine: kintsugi mcp`;
}
