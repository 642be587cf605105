/** Who asks, and what they may do where. */
import { z } from "zod";
import { API_RESOURCES, isBeyondAssistants, type Right } from "../access/right.ts";

export const WhoAmI = z
  .object({
    name: z.string(),
    groups: z.array(z.string()),
    identity: z.enum(["proven", "claimed"]).describe("claimed: all share one token, the name is the caller's own word"),
    audience: z.enum(["api", "mcp"]).describe("what the credential was made for: mcp for assistants"),
    rights: z.array(
      z.object({
        resource: z.string(),
        verb: z.string(),
        everywhere: z.boolean(),
        namespaces: z.array(z.string()).describe("of those that were looked at, where it is not everywhere"),
        never: z.boolean().describe("a credential made for MCP may never do it, whoever owns it"),
      }),
    ),
    namespaces: z.array(z.string()).describe("those that were looked at: asked for, else those of live incidents, 10 at most"),
  })
  .meta({ id: "WhoAmI" });
export type WhoAmI = z.infer<typeof WhoAmI>;

export type AnyRight = Omit<Right, "namespace">;

/** Every verb on every resource. */
export const EVERY_RIGHT: readonly AnyRight[] = Object.entries(API_RESOURCES).flatMap(([resource, verbs]) =>
  verbs.map((verb) => ({ resource, verb }) as AnyRight),
);

/** `where`: namespaces in which each is allowed, `""` for the whole cluster. */
export function rightsTold(where: ReadonlyMap<AnyRight, ReadonlySet<string>>, audience: "api" | "mcp"): WhoAmI["rights"] {
  return [...where].map(([right, namespaces]) => ({
    resource: right.resource,
    verb: right.verb,
    everywhere: namespaces.has(""),
    namespaces: namespaces.has("") ? [] : [...namespaces].toSorted(),
    never: audience === "mcp" && isBeyondAssistants({ ...right, namespace: "" } as Right),
  }));
}
