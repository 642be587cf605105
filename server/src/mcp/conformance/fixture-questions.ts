/** Tools and a prompt of the conformance suite that ask back: what they need comes with the same request, sent again. */
import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type McpServer,
  type RequestStateCodec,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { z } from "zod";

const nothing = z.object({});
const Name = z.object({ name: z.string() });
const Confirmed = z.object({ ok: z.boolean() });
const Color = z.object({ color: z.string() });

const asking = {
  name: () => inputRequired.elicit({ message: "What is your name?", requestedSchema: Name }),
  capital: () => sampling("What is the capital of France?", 100),
  confirm: () => inputRequired.elicit({ message: "Please confirm", requestedSchema: Confirmed }),
};

function sampling(words: string, maxTokens: number) {
  return inputRequired.createMessage({ messages: [{ role: "user", content: { type: "text", text: words } }], maxTokens });
}

/** Asked for until it is there: its words, else the question. */
type Turn = string | InputRequiredResult;

export function addQuestions(server: McpServer, states: RequestStateCodec<unknown>): void {
  const tool = (name: string, run: (context: ServerContext) => Turn | Promise<Turn>): void => {
    server.registerTool(name, { description: `For the conformance suite: ${name}`, inputSchema: nothing }, async (_args, context) => {
      const turn = await run(context);
      return typeof turn === "string" ? { content: [{ type: "text", text: turn }] } : turn;
    });
  };
  for (const name of ["test_input_required_result_elicitation", "test_streaming_elicitation"]) tool(name, greet);
  tool("test_input_required_result_sampling", ({ mcpReq }) => {
    const answer = inputResponse(mcpReq.inputResponses, "capital_question");
    return answer.kind === "sampling" ? JSON.stringify(answer.result.content) : inputRequired({ inputRequests: { capital_question: asking.capital() } });
  });
  tool("test_input_required_result_list_roots", ({ mcpReq }) => {
    const answer = inputResponse(mcpReq.inputResponses, "client_roots");
    return answer.kind === "roots"
      ? answer.roots.map(({ uri }) => uri).join(" ")
      : inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } });
  });
  for (const name of ["test_input_required_result_request_state", "test_input_required_result_tampered_state"]) {
    tool(name, async (context) => {
      const isConfirmed = acceptedContent(context.mcpReq.inputResponses, "confirm", Confirmed)?.ok === true;
      if (isConfirmed && context.mcpReq.requestState<{ asked: string }>()?.asked === name) return "state-ok";
      return inputRequired({ inputRequests: { confirm: asking.confirm() }, requestState: await states.mint({ asked: name }, context) });
    });
  }
  tool("test_input_required_result_multiple_inputs", (context) => askAll(context, states));
  tool("test_input_required_result_multi_round", (context) => askTwice(context, states));
  tool("test_input_required_result_capabilities", (context) => {
    const { elicitation, sampling: samples } = capabilitiesOf(context);
    return inputRequired({
      inputRequests: {
        ...(elicitation === undefined ? {} : { user_name: asking.name() }),
        ...(samples === undefined ? {} : { capital_question: asking.capital() }),
      },
    });
  });
  // Asks whether the client can answer or not: that it is told which capability it lacks is the SDK's doing.
  tool("test_missing_capability", () => inputRequired({ inputRequests: { capital_question: asking.capital() } }));
  server.registerPrompt("test_input_required_result_prompt", { description: "A prompt that asks back" }, async ({ mcpReq }) => {
    const given = acceptedContent<{ context: string }>(mcpReq.inputResponses, "user_context")?.context;
    const requestedSchema = z.object({ context: z.string() });
    if (given === undefined) {
      return inputRequired({ inputRequests: { user_context: inputRequired.elicit({ message: "What context should the prompt use?", requestedSchema }) } });
    }
    return { messages: [{ role: "user", content: { type: "text", text: given } }] };
  });
}

function greet({ mcpReq }: ServerContext): Turn {
  const name = acceptedContent(mcpReq.inputResponses, "user_name", Name)?.name;
  return name === undefined ? inputRequired({ inputRequests: { user_name: asking.name() } }) : `Hello, ${name}!`;
}

async function askAll(context: ServerContext, states: RequestStateCodec<unknown>): Promise<Turn> {
  const given = context.mcpReq.inputResponses;
  const name = acceptedContent(given, "user_name", Name)?.name;
  const hasAll = name !== undefined && inputResponse(given, "greeting").kind === "sampling" && inputResponse(given, "client_roots").kind === "roots";
  if (hasAll && context.mcpReq.requestState() !== undefined) return `Hello, ${name}!`;
  return inputRequired({
    inputRequests: { user_name: asking.name(), greeting: sampling("Generate a greeting", 50), client_roots: inputRequired.listRoots() },
    requestState: await states.mint({ asked: "all" }, context),
  });
}

async function askTwice(context: ServerContext, states: RequestStateCodec<unknown>): Promise<Turn> {
  const { inputResponses: given, requestState } = context.mcpReq;
  const known = requestState<{ name?: string }>();
  const color = acceptedContent(given, "step2", Color)?.color;
  if (known?.name !== undefined && color !== undefined) return `${known.name} likes ${color}`;
  const name = acceptedContent(given, "step1", Name)?.name;
  if (known === undefined || name === undefined) {
    const step1 = inputRequired.elicit({ message: "Step 1: What is your name?", requestedSchema: Name });
    return inputRequired({ inputRequests: { step1 }, requestState: await states.mint({}, context) });
  }
  const step2 = inputRequired.elicit({ message: "Step 2: What is your favorite color?", requestedSchema: Color });
  return inputRequired({ inputRequests: { step2 }, requestState: await states.mint({ name }, context) });
}

function capabilitiesOf({ mcpReq }: ServerContext): ClientCapabilities {
  const envelope = mcpReq.envelope as { readonly [CLIENT_CAPABILITIES_META_KEY]?: ClientCapabilities } | undefined;
  return envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? {};
}
