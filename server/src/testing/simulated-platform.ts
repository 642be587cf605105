/** The whole platform on a simulated cluster whose clock moves only when a test lets it: engine, ledger and an API that listens. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CONFIDENCE, type Incident } from "@kintsugi/core";
import { actPolicy, FAULTS, type SimCluster } from "@kintsugi/sim";
import { type OpenedDemo, openDemo } from "../compose.ts";
import { readConfig } from "../config.ts";
import { Play } from "../demo/play.ts";

const MINUTE_MS = 60_000;
/** By then the engine knows what healthy looks like. */
const ACQUAINTANCE_MS = 8 * MINUTE_MS;

export interface SimulatedOptions {
  readonly seed?: string;
  /** Folder for its tokens and the file by which commands find it; it is removed at the end. Default: a new one. */
  readonly home?: string;
  /** Ids of faults, played one a minute. */
  readonly faults?: readonly string[];
  /** Fields of the policy, over one that lets act; `{ rules: [] }` makes it one that asks. */
  readonly policy?: { readonly [field: string]: unknown };
  /** Done to the healthy cluster, before the engine has seen it. */
  readonly prepare?: (cluster: SimCluster) => void;
}

export interface SimulatedPlatform extends AsyncDisposable {
  readonly opened: OpenedDemo;
  readonly play: Play;
  readonly url: string;
  readonly home: string;
  readonly token: string;
  readonly mcpToken: string;
  /** Lets virtual time pass. */
  pass(ms: number): Promise<void>;
  /** Lets time pass until an incident is in that phase; throws when none is within two hours. */
  reaches(phase: Incident["phase"]): Promise<Incident>;
  /** Asks over HTTP, with the API token unless headers say otherwise. */
  ask(path: string, init?: RequestInit): Promise<Response>;
}

export async function simulatedPlatform({
  seed = "1",
  home = freshFolder(),
  faults = [],
  policy = {},
  prepare,
}: SimulatedOptions = {}): Promise<SimulatedPlatform> {
  const chosen = faults.map((id) => {
    const fault = FAULTS.find((one) => one.id === id);
    if (fault === undefined) throw new Error(`the simulator has no fault ${id}`);
    return fault;
  });
  const play = new Play({ seed, faults: chosen, endless: false, everyMs: MINUTE_MS });
  prepare?.(play.cluster);
  const listen = { host: "127.0.0.1", port: 0 };
  const opened = await openDemo(readConfig({ KINTSUGI_HOME: home }, false), play, { listen, policy: actPolicy(policy), confidence: CONFIDENCE });
  const { driver, engine, url } = opened.platform;
  const settled = () => driver.settled();
  const pass = (ms: number): Promise<void> => play.advance(play.now + ms, settled);
  await pass(ACQUAINTANCE_MS);
  if (chosen.length > 0) {
    play.begin();
    await pass(MINUTE_MS);
  }
  const token = readFileSync(join(home, "token"), "utf8").trim();
  return {
    opened,
    play,
    url,
    home,
    token,
    mcpToken: readFileSync(join(home, "mcp-token"), "utf8").trim(),
    pass,
    reaches: async (phase) => {
      for (let minutes = 0; minutes < 120; minutes++) {
        const found = engine.incidents().find((incident) => incident.phase === phase);
        if (found !== undefined) return found;
        await pass(MINUTE_MS);
      }
      throw new Error(
        `no incident is ${phase} within two hours; they are ${engine
          .incidents()
          .map((one) => `${one.id} ${one.phase}`)
          .join(", ")}`,
      );
    },
    ask: (path, init = {}) => fetch(`${url}${path}`, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } }),
    [Symbol.asyncDispose]: async () => {
      await opened.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function freshFolder(): string {
  return mkdtempSync(join(tmpdir(), "kintsugi-simulated-"));
}
