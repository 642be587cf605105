/** A token that is allowed everything in some namespaces and nothing elsewhere. */
import type { Access } from "../../access/access.ts";
import { embeddedAccess } from "../../access/embedded.ts";
import { MCP_TOKEN, TOKEN } from "./api-under-test.ts";

export function onlyIn(...namespaces: readonly string[]): Access {
  return { ...embeddedAccess({ api: TOKEN, mcp: MCP_TOKEN }), may: async (_caller, { namespace }) => (namespaces.includes(namespace) ? "allowed" : "denied") };
}
