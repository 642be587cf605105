/** Talks to the API of a running engine: finds it, sends the token, turns problems into messages and exit codes. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AnswerTooLarge, ApiProblem, ApiUnreachable, type Client, createClient, NotTheApi, type Problem } from "@kintsugi/client";
import { z } from "zod";
import type { Config } from "../config.ts";
import { Reply } from "../http/schemas.ts";
import { CliError, EXIT, type ExitCode } from "./exit.ts";
import { readInput } from "./input-file.ts";
import { timeText } from "./output.ts";

/** What a running API leaves in the home folder so that commands find it. */
export const ApiFile = z.object({
  url: z.string(),
  /** Missing where no generated token opens it. */
  tokenFile: z.string().optional(),
  /** The credential for assistants. */
  mcpTokenFile: z.string().optional(),
  pid: z.number(),
  /** Wall clock, ms. */
  startedAt: z.number(),
  /** Its ledger, where that is a file. */
  store: z.string().optional(),
});
export type ApiFile = z.infer<typeof ApiFile>;

export const API_FILE = "api.json";

export interface ClientOptions {
  readonly server?: string | undefined;
  readonly tokenFile?: string | undefined;
}

const CODES: Readonly<{ [status: number]: ExitCode }> = {
  400: EXIT.usage,
  403: EXIT.refused,
  404: EXIT.notFound,
  409: EXIT.refused,
  412: EXIT.refused,
  422: EXIT.refused,
  503: EXIT.unreachable,
};

/** Asks one thing of the typed client. */
type Asked = (api: Client) => Promise<{ readonly data?: unknown; readonly response: Response }>;

export class ApiClient {
  readonly url: string;
  readonly #api: Client;

  private constructor(url: string, token: string, actor: string) {
    this.url = url.replace(/\/+$/, "");
    this.#api = createClient({ url: this.url, token, actor });
  }

  /** Finds address and token. Throws CliError that says which of them is missing. */
  static find(config: Config, options: ClientOptions): ApiClient {
    const url = options.server ?? config.server;
    const tokenFile = options.tokenFile ?? config.tokenFile;
    if (url !== undefined && (!/^https?:\/\//.test(url) || !URL.canParse(url)))
      throw new CliError(EXIT.usage, `--server ${url} is no address: write for example http://127.0.0.1:8080`);
    if (url !== undefined && tokenFile !== undefined) return new ApiClient(url, readToken(tokenFile), config.actor);
    const local = localEngine(config.home, url);
    const file = tokenFile ?? local.tokenFile;
    if (file === undefined)
      throw new CliError(
        EXIT.usage,
        "the engine that runs here takes no generated token: name a file with one of yours with --token-file, for example of `kubectl create token NAME --audience kintsugi`",
      );
    return new ApiClient(local.url, readToken(file), config.actor);
  }

  /** What was answered, where it has this shape. Throws CliError. */
  async ask<T>(asked: Asked, shape: z.ZodType<T>): Promise<T> {
    const { data, response } = await asked(this.#api).catch((error: unknown) => {
      throw this.#errorOf(error);
    });
    // As it was sent: a newer engine may say more.
    if (shape.safeParse(data).success) return data as T;
    throw this.#stranger(response.status);
  }

  /** Gives a command of any kind; the answer says in words what was done. */
  tell(asked: Asked): Promise<z.infer<typeof Reply>> {
    return this.ask(asked, Reply);
  }

  #errorOf(error: unknown): unknown {
    if (error instanceof ApiProblem) return problemError(error.problem);
    if (error instanceof AnswerTooLarge) return new CliError(EXIT.failure, `${this.url} sent an answer that is too large to read`);
    if (error instanceof NotTheApi) return this.#stranger(error.status);
    // It was well, and no JSON.
    if (error instanceof SyntaxError) return this.#stranger(200);
    if (!(error instanceof ApiUnreachable)) return error;
    return new CliError(EXIT.unreachable, `the API at ${this.url} cannot be reached (${error.why}): is the engine running? \`kintsugi doctor\` says more`);
  }

  #stranger(status: number): CliError {
    return new CliError(EXIT.failure, `${this.url} answered ${status} and is not a Kintsugi API`);
  }
}

function readToken(file: string): string {
  return readInput("the API's token", file, "name its file with --token-file, the engine says the path when it starts").trim();
}

/** The engine that runs here. Its token is for it alone: throws CliError where `asked` is another address, or where it does not live to be asked. */
export function localEngine(home: string, asked: string | undefined): ApiFile {
  const local = readApiFile(home);
  if (asked !== undefined && local?.url !== asked.replace(/\/+$/, ""))
    throw new CliError(EXIT.usage, `--server ${asked} is not the engine that runs here: name the file of its token with --token-file`);
  if (local === undefined) {
    throw new CliError(
      EXIT.unreachable,
      `no engine is running here (${join(home, API_FILE)} is not there): start one with \`kintsugi demo\` or \`kintsugi serve\`, or name one with --server URL`,
    );
  }
  // Another program may have taken its address since: it must not be sent the token.
  if (!isAlive(local.pid)) throw new CliError(EXIT.unreachable, goneText(local));
  return local;
}

function goneText({ pid, startedAt, store }: ApiFile): string {
  const lines = [
    `the engine that ran here is gone without having stopped: process ${pid}, started ${timeText(startedAt)} UTC, was killed or has crashed`,
    "start it again: `kintsugi serve` goes on where it was, `kintsugi demo` begins anew",
  ];
  if (store !== undefined) lines.push(`what it recorded can be read without it: \`kintsugi report --store ${store}\`, and \`kintsugi replay ID --store ...\``);
  return lines.join("\n");
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Not being allowed to signal it proves that it is there.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function problemError({ status, detail, errors }: Problem): CliError {
  // Where in the request it was means nothing at a command line; the name of the field does.
  const said = errors?.map(({ where, message }) => `${where.split("/").at(-1)} ${message}`.trim()).join("; ");
  return new CliError(CODES[status] ?? EXIT.failure, said ?? detail);
}

function readApiFile(home: string): ApiFile | undefined {
  try {
    return ApiFile.parse(JSON.parse(readFileSync(join(home, API_FILE), "utf8")));
  } catch {
    return undefined;
  }
}
