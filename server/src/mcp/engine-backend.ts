/** The REST API of an engine in another process, found anew for each request: it may stop, and come back at another address with another token. */
import { whyOf } from "@kintsugi/client";
import { Agent, fetch, type RequestInit, type Response } from "undici";
import { answered, type Backend, pathOf, Refusal } from "./backend.ts";

/** Where the engine is and with what it is asked. */
export interface Engine {
  readonly url: string;
  readonly token: string;
}

export interface EngineBackendOptions {
  /** Throws Refusal or any Error that says why there is none. */
  readonly find: () => Engine;
  /** Who the assistant works for, as they call themselves. */
  readonly actor: string;
}

/** Longer than the engine takes to refuse by itself. */
const ANSWER_WITHIN_MS = 30_000;

export class EngineBackend implements Backend {
  readonly #options: EngineBackendOptions;
  readonly #agent = new Agent();
  /** Address and token that were found to be made for MCP. */
  #accepted = "";

  constructor(options: EngineBackendOptions) {
    this.#options = options;
  }

  async get(path: string, query?: Parameters<Backend["get"]>[1]): Promise<unknown> {
    const response = await this.open(pathOf(path, query), { accept: "application/json" }, AbortSignal.timeout(ANSWER_WITHIN_MS));
    return answered(response.status, await response.text());
  }

  async post(path: string, body: object): Promise<unknown> {
    const init = { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } };
    const response = await this.#send(await this.#engine(), path, init, AbortSignal.timeout(ANSWER_WITHIN_MS));
    return answered(response.status, await response.text());
  }

  /** Begins a GET; the caller reads the body. Once more where the connection was an old one: asking twice changes nothing. */
  async open(path: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Response> {
    const engine = await this.#engine();
    return this.#send(engine, path, { headers }, signal).catch((error: unknown) => {
      if (signal.aborted) throw error;
      return this.#send(engine, path, { headers }, signal);
    });
  }

  /** Ends its connections, also those that were opened and not needed: an engine that stops would wait for them. */
  close(): Promise<void> {
    return this.#agent.destroy();
  }

  /** `/mcp` alone says for whom a credential was made: one for the API would be obeyed by the API in what no assistant may do. */
  async #engine(): Promise<Engine> {
    const engine = this.#find();
    const mark = `${engine.url} ${engine.token}`;
    if (this.#accepted === mark) return engine;
    const response = await this.#send(engine, "/mcp", { method: "DELETE" }, AbortSignal.timeout(ANSWER_WITHIN_MS));
    const text = await response.text();
    // Without sessions there is none to delete: that is the answer to who was let in.
    if (response.status !== 405) {
      if (response.status === 401 || response.status === 403) throw new Refusal(response.status, messageOf(text));
      throw new Refusal(502, `${engine.url} answered ${response.status} and is not a Kintsugi API`);
    }
    this.#accepted = mark;
    return engine;
  }

  #find(): Engine {
    try {
      return this.#options.find();
    } catch (error) {
      if (error instanceof Refusal) throw error;
      throw new Refusal(0, error instanceof Error ? error.message : String(error));
    }
  }

  async #send({ url, token }: Engine, path: string, init: RequestInit, signal: AbortSignal): Promise<Response> {
    const headers = { ...(init.headers as Record<string, string> | undefined), authorization: `Bearer ${token}`, "x-kintsugi-actor": this.#options.actor };
    try {
      return await fetch(`${url}${path}`, { ...init, headers, redirect: "error", signal, dispatcher: this.#agent });
    } catch (error) {
      this.#accepted = "";
      throw new Refusal(0, `the engine at ${url} does not answer (${whyOf(error)})`);
    }
  }
}

function messageOf(text: string): string {
  try {
    return String((JSON.parse(text) as { readonly error?: { readonly message?: unknown } }).error?.message ?? text);
  } catch {
    return text;
  }
}
