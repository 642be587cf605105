/** The real app over a recorded engine and a real ledger in memory. */
import type { InjectOptions } from "fastify";
import type { Access } from "../../access/access.ts";
import { embeddedAccess } from "../../access/embedded.ts";
import type { Ledger } from "../../adapters/ledger.ts";
import { openSqliteLedger } from "../../adapters/sqlite/store.ts";
import { T0 } from "../../adapters/testing/records.ts";
import { type AppOptions, buildApp } from "../app.ts";
import type { App } from "../context.ts";
import { Metrics } from "../metrics.ts";
import { RecordedEngine } from "./recorded-engine.ts";

export const TOKEN = "t".repeat(43);
export const MCP_TOKEN = "m".repeat(43);

export interface ApiUnderTest {
  readonly app: App;
  readonly engine: RecordedEngine;
  readonly ledger: Ledger;
  readonly metrics: Metrics;
  now: number;
  /** Asks as an authenticated caller; `headers` replace the usual ones, `undefined` removes one. */
  ask(
    method: string,
    url: string,
    given?: { readonly body?: object | string; readonly headers?: { readonly [name: string]: string | undefined } },
  ): Promise<Answer>;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
  readonly json: any;
}

export async function apiUnderTest(
  given: { readonly openMetrics?: boolean; readonly hosts?: readonly string[]; readonly ledger?: Ledger; readonly access?: Access } & Pick<
    AppOptions,
    "rates" | "patience" | "models" | "advisor" | "mcp"
  > = {},
): Promise<ApiUnderTest> {
  const engine = new RecordedEngine();
  const ledger = given.ledger ?? openSqliteLedger({ file: ":memory:" });
  const metrics = new Metrics("0.1.0");
  metrics.watch(engine);
  const clock = { now: T0 };
  const access = given.access ?? embeddedAccess({ api: TOKEN, mcp: MCP_TOKEN });
  const guard = { access, hosts: given.hosts ?? [], openMetrics: given.openMetrics ?? false };
  const { rates, patience, models, advisor, mcp } = given;
  const tuned = {
    ...(rates === undefined ? {} : { rates }),
    ...(patience === undefined ? {} : { patience }),
    ...(models === undefined ? {} : { models }),
    ...(advisor === undefined ? {} : { advisor }),
    ...(mcp === undefined ? {} : { mcp }),
  };
  const app = await buildApp({ ...tuned, engine, ledger, metrics, access, guard, version: "0.1.0", now: () => clock.now, newId: () => "1" });
  return {
    app,
    engine,
    ledger,
    metrics,
    get now() {
      return clock.now;
    },
    set now(at: number) {
      clock.now = at;
    },
    async ask(method, url, { body, headers } = {}) {
      const all = { host: "127.0.0.1:8080", authorization: `Bearer ${TOKEN}`, ...headers };
      const kept = Object.fromEntries(Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined));
      const options: InjectOptions = {
        method: method as NonNullable<InjectOptions["method"]>,
        url,
        headers: kept,
        ...(body === undefined ? {} : { payload: body }),
      };
      const response = await app.inject(options);
      const type = String(response.headers["content-type"] ?? "").split(";")[0] ?? "";
      return {
        status: response.statusCode,
        type,
        text: response.body,
        headers: response.headers,
        json: type === "application/json" || type === "application/problem+json" ? response.json() : undefined,
      };
    },
    async close() {
      await app.close();
      await ledger.close();
    },
  };
}
