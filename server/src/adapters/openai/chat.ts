/** One question to any server that speaks OpenAI's chat completions: its own, vLLM, Ollama, Llama Stack and others. */
import { z } from "zod";
import { NoAdvice, type Question } from "../../advisor/advisor.ts";
import { type EndpointOptions, JsonEndpoint, NoUsableAnswer, saidError } from "../json-endpoint.ts";

export interface ChatOptions extends Pick<EndpointOptions, "url" | "ca" | "bearer" | "timeoutMs"> {
  readonly model: string;
  /** Of one answer. */
  readonly maxTokens: number;
}

const MAX_ANSWER_BYTES = 64 << 10;

const Completion = z.looseObject({
  choices: z.array(z.looseObject({ finish_reason: z.string().nullish(), message: z.looseObject({ content: z.string().nullish() }) })).min(1),
});

export class ChatEndpoint {
  readonly #options: ChatOptions;
  readonly #endpoint: JsonEndpoint;

  constructor(options: ChatOptions) {
    this.#options = options;
    this.#endpoint = new JsonEndpoint({ ...options, maxBytes: MAX_ANSWER_BYTES });
  }

  async close(): Promise<void> {
    await this.#endpoint.close();
  }

  /** The text of the answer. Asked once: a question that failed is put again by whoever wants it. Throws NoAdvice. */
  async ask({ system, user, schema }: Question): Promise<string> {
    const { model, maxTokens } = this.#options;
    const body = {
      ...{ model, max_tokens: maxTokens, stream: false, n: 1 },
      messages: [
        { role: "system", content: system },
        { role: "user", content: user },
      ],
      response_format: { type: "json_schema", json_schema: { name: "advice", strict: true, schema } },
    };
    const answer = await this.#endpoint.ask("POST", "/chat/completions", body).catch((error: unknown) => {
      throw error instanceof NoUsableAnswer ? new NoAdvice(error.message) : error;
    });
    if (answer.status !== 200) throw new NoAdvice(this.#meaning(answer.status, answer.body), answer.retryAfterMs);
    const read = Completion.safeParse(answer.body);
    const choice = read.data?.choices[0];
    if (choice === undefined) throw new NoAdvice(`${this.#endpoint.host} answers with something else than a chat completion`);
    if (choice.finish_reason === "length") throw new NoAdvice(`its answer was cut at ${maxTokens} tokens`);
    if (typeof choice.message.content !== "string" || choice.message.content === "") throw new NoAdvice("it answered without a text");
    return choice.message.content;
  }

  #meaning(status: number, body: unknown): string {
    const { host } = this.#endpoint;
    if (status === 401 || status === 403) return `${host} refuses the key (${status}): name a right one with --advisor-key-file`;
    if (status === 429) return `${host} is asked too often (429)`;
    if (status === 404) return `${host} has no chat completions there, or no model ${JSON.stringify(this.#options.model)} (404)`;
    return `${host} answers ${status}${saidError(body)}`;
  }
}
