/** What a tool is, and how it becomes one of the SDK's. */
import {
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  type InputRequiredResult,
  isInputRequiredResult,
  type McpServer,
  type ServerContext,
  type ToolAnnotations,
} from "@modelcontextprotocol/server";
import type { z } from "zod";
import { cleanText, cleanValue, fence } from "../untrusted.ts";
import { type Backend, Refusal } from "./backend.ts";
import { leanSchema } from "./lean-schema.ts";
import { inArguments, nextStep } from "./next-step.ts";
import type { Seals } from "./seals.ts";
import { withTimes } from "./times.ts";

/** What a tool works with while it is called. */
export interface Use {
  readonly backend: Backend;
  /** Aborted when the client cancels or goes away. */
  readonly signal: AbortSignal;
  /** Tells who asked for it how far it is. */
  progress(done: number, total: number, what: string): Promise<void>;
  /** Whether a person at the client can be asked. */
  readonly canElicit: boolean;
  /** Seals what a question was about, so that the answer to it cannot be given to another. */
  readonly seals: Seals;
  readonly context: ServerContext;
}

export interface Answer {
  /** Becomes structuredContent, cleaned. */
  readonly data: object;
  /** A line or two for people. It holds no text of the cluster: that is in the data, fenced. */
  readonly says: string;
}

export interface Tool<I extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly description: string;
  readonly hints: Hints;
  readonly input: I;
  readonly output: z.ZodObject;
  run(args: z.output<I>, use: Use): Promise<Answer | InputRequiredResult>;
}

type Hints = Required<Omit<ToolAnnotations, "title">>;

/** Looks, changes nothing. */
export const READS: Hints = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };
/** Adds something, or only ever makes less happen. */
export const ADDS: Hints = { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false };
/** As ADDS; once is as good as twice. */
export const NARROWS: Hints = { ...ADDS, idempotentHint: true };
/** May end in a change of the cluster. */
export const CHANGES: Hints = { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false };

/** A tool with the types of its arguments checked, as one of the catalog. */
export function tool<I extends z.ZodObject>(given: Tool<I>): Tool {
  return given as unknown as Tool;
}

/** How a call ended. `refused`: the API or the tool said no, and why. `failed`: something broke. */
export type Outcome = "ok" | "asked" | "refused" | "cancelled" | "failed";
export type OnCall = (tool: string, outcome: Outcome, tookMs: number) => void;

export interface Serving {
  readonly backend: Backend;
  readonly seals: Seals;
  readonly onCall: OnCall;
  /** A fault of ours, for the log. */
  readonly onFault: (why: string) => void;
}

/** Adds the tool to a server. Refusals become errors that the model reads; whatever else is thrown is a fault of ours, and is told without its inside. */
export function registerTool(server: McpServer, { name, description, hints, input, output, run }: Tool, serving: Serving): void {
  const inputSchema = reporting(schemaOf(input), () => serving.onCall(name, "refused", 0));
  server.registerTool(name, { description, inputSchema, outputSchema: schemaOf(output), annotations: hints }, async (args, context) => {
    const began = performance.now();
    const ended = <R>(outcome: Outcome, result: R): R => {
      serving.onCall(name, outcome, performance.now() - began);
      return result;
    };
    const use: Use = {
      ...{ backend: serving.backend, seals: serving.seals, context, signal: context.mcpReq.signal },
      canElicit: clientOf(server, context)?.elicitation !== undefined,
      progress: (done, total, what) => tellProgress(context, done, total, what),
    };
    try {
      const answer = await run(args as z.output<z.ZodObject>, use);
      return isInputRequiredResult(answer) ? ended("asked", answer) : ended("ok", resultOf(answer as Answer));
    } catch (error) {
      if (context.mcpReq.signal.aborted) return ended("cancelled", failure("the call was cancelled"));
      if (error instanceof Refusal) return ended("refused", refused(error));
      serving.onFault(`${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      return ended("failed", failure("the tool failed inside, which is no fault of the arguments; the program's log says why. Tell the person"));
    }
  });
}

/** The same schema; arguments that it does not take are told: the SDK refuses them before the tool hears of the call. */
function reporting<S extends ReturnType<typeof leanSchema>>(schema: S, onRefused: () => void): S {
  const standard = schema["~standard"];
  const validate = async (value: unknown) => {
    const result = await standard.validate(value);
    if (result.issues !== undefined) onRefused();
    return result;
  };
  return { "~standard": { ...standard, validate } } as S;
}

const schemas = new WeakMap<z.ZodObject, ReturnType<typeof leanSchema>>();

/** A server is made for each request over HTTP; what its tools advertise is the same each time. */
function schemaOf(schema: z.ZodObject): ReturnType<typeof leanSchema> {
  const known = schemas.get(schema) ?? leanSchema(schema);
  schemas.set(schema, known);
  return known;
}

/** What the client said it can do: with each request since 2026-07-28, before that at the start of a connection. */
function clientOf(server: McpServer, context: ServerContext): ClientCapabilities | undefined {
  const envelope = context.mcpReq.envelope as { readonly [CLIENT_CAPABILITIES_META_KEY]?: ClientCapabilities } | undefined;
  return envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? server.server.getClientCapabilities();
}

async function tellProgress({ mcpReq }: ServerContext, progress: number, total: number, message: string): Promise<void> {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return;
  await mcpReq.notify({ method: "notifications/progress", params: { progressToken, progress, total, message } });
}

function resultOf({ data, says }: Answer): CallToolResult {
  const structuredContent = cleanValue(withTimes(data)) as { [key: string]: unknown };
  return {
    content: [
      { type: "text", text: says },
      { type: "text", text: fence(JSON.stringify(structuredContent)), annotations: { audience: ["assistant"] } },
    ],
    structuredContent,
  };
}

function refused({ status, code, message }: Refusal): CallToolResult {
  const said = cleanText(inArguments(message), 1_000);
  const next = nextStep(status, code);
  const about = { ...(code === undefined ? {} : { code }), ...(status === 0 ? {} : { status }) };
  return {
    ...failure(`${code === undefined ? "" : `${code}: `}${said}${next === undefined ? "" : `\nNext: ${next}`}`),
    _meta: { "kintsugi.dev/error": about },
  };
}

function failure(text: string): CallToolResult {
  return { content: [{ type: "text", text }], isError: true };
}
