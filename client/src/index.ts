/** The API of a running engine, typed by its own description. For browsers and Node. */
import createFetchClient, { type Client as FetchClient } from "openapi-fetch";
import type { paths } from "./api.generated.ts";
import { NotTheApi } from "./errors.ts";
import { type EventsOptions, follow, type LedgerEvent } from "./events.ts";
import { type SendOptions, send } from "./send.ts";

export type { components, paths } from "./api.generated.ts";
export { AnswerTooLarge, ApiProblem, ApiUnreachable, NotTheApi, type Problem } from "./errors.ts";
export { type EventsOptions, followed, type LedgerEvent, type LedgerRecord } from "./events.ts";
export { whyOf } from "./send.ts";

export type ClientOptions = SendOptions;

/** `GET`, `POST`, `PUT` and `DELETE` with the paths of the description; what goes wrong is thrown. Take the answer with `answer`. */
export interface Client extends Pick<FetchClient<paths>, "GET" | "POST" | "PUT" | "DELETE" | "PATCH"> {
  /** Records as they are stored, resumed after every loss of the connection. */
  events(options?: EventsOptions): AsyncGenerator<LedgerEvent, void>;
}

export function createClient(given: ClientOptions): Client {
  const options = { ...given, url: given.url.replace(/\/+$/, "") };
  const { GET, POST, PUT, DELETE, PATCH } = createFetchClient<paths>({ baseUrl: options.url, fetch: (request) => send(request, options) });
  return { GET, POST, PUT, DELETE, PATCH, events: (how) => follow(options, how) };
}

/** What was answered: `await answer(client.GET("/api/v2/status"))`. Throws NotTheApi where it is nothing that the API would say. */
export async function answer<T>(asked: Promise<{ readonly data?: T; readonly response: Response }>): Promise<Exclude<T, undefined>> {
  const { data, response } = await asked.catch((error: unknown) => {
    throw error instanceof SyntaxError ? new NotTheApi("the address", 200) : error;
  });
  if (data === undefined) throw new NotTheApi(new URL(response.url).origin, response.status);
  return data as Exclude<T, undefined>;
}
