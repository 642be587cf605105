/** Prints what reads cost while 200 clients ask at once, at 1,000 incidents, each beside its reference of the same run. */
import { type Asked, type Pace, type Reads, reads, type Target, target, toolCall } from "./reads.ts";

const INCIDENTS = 1_000;
const CLIENTS = 200;
/** What a read may take while clients pause between requests, p99. */
const GOAL_MS = 50;
const PACED: Pace = { clients: CLIENTS, thinkMs: 2_000, forMs: 8_000 };
const SATURATING: Pace = { clients: CLIENTS, thinkMs: 0, forMs: 4_000 };

interface Measured {
  readonly paced: Reads;
  readonly saturating: Reads;
}

async function measured({ url }: Target, asked: Asked): Promise<Measured> {
  return { paced: await reads(url, asked, PACED), saturating: await reads(url, asked, SATURATING) };
}

export async function benchReads(line: (text: string) => void): Promise<void> {
  line("\n## Reads\n");
  line(
    `${INCIDENTS} incidents, restored from the ledger; ${CLIENTS} clients on a connection each, on the same machine as the server. Each sends a request, reads the`,
  );
  line(
    `whole answer and pauses: 1 to 3 s, drawn evenly (paced, about ${CLIENTS / 2} requests/s), or not at all (saturating: ${CLIENTS} are always in flight). Times from`,
  );
  line("sending to the last byte of the answer; ratios of the time of one request when saturated, to an empty fastify route and a bare SDK server's echo");
  line("");
  line(
    `${"".padEnd(26)} ${"bytes".padStart(8)}   ${"paced p50".padStart(10)} ${"p99".padStart(8)}   ${"saturating".padStart(12)} ${"p50".padStart(8)} ${"p99".padStart(8)}   ratio`,
  );
  const missed: string[] = [];
  await beside(line, missed, ["fastify"], ["empty fastify route", () => get("/")], (ours) => [
    ["GET /incidents", get("/api/v2/incidents", ours.api)],
    ["GET /incidents/{id}", get("/api/v2/incidents/inc-500", ours.api)],
    ["GET /cluster", get("/api/v2/cluster", ours.api)],
  ]);
  await beside(line, missed, ["sdk"], ["bare SDK server, echo", () => toolCall("", "echo", { text: "x" })], (ours) => [
    ["MCP list-incidents", toolCall(ours.mcp, "list-incidents", {})],
    ["MCP list-incidents of 20", toolCall(ours.mcp, "list-incidents", { limit: 20 })],
    ["MCP get-incident", toolCall(ours.mcp, "get-incident", { incident_id: "inc-500" })],
  ]);
  line("");
  line(missed.length === 0 ? `every paced read is within ${GOAL_MS} ms, p99` : `above ${GOAL_MS} ms, p99: ${missed.join(", ")}`);
}

function get(path: string, token?: string): Asked {
  return { method: "GET", path, headers: token === undefined ? {} : { authorization: `Bearer ${token}` } };
}

async function beside(
  line: (text: string) => void,
  missed: string[],
  words: readonly string[],
  [name, asked]: readonly [string, () => Asked],
  wanted: (ours: Target) => readonly (readonly [string, Asked])[],
): Promise<void> {
  const other = await target(...words);
  const reference = await measured(other, asked()).finally(() => other.stop());
  line(row(name, reference, reference));
  const ours = await target("ours", String(INCIDENTS));
  try {
    for (const [what, request] of wanted(ours)) {
      const figures = await measured(ours, request);
      line(row(what, figures, reference));
      if (figures.paced.p99 > GOAL_MS) missed.push(what);
    }
  } finally {
    ours.stop();
  }
}

function row(name: string, { paced, saturating }: Measured, reference: Measured): string {
  const ms = (value: number): string => `${value.toFixed(1)} ms`.padStart(8);
  const ratio = reference.saturating.perSecond / saturating.perSecond;
  return `${name.padEnd(26)} ${String(paced.bytes).padStart(8)}   ${ms(paced.p50).padStart(10)} ${ms(paced.p99)}   ${`${Math.round(saturating.perSecond)}/s`.padStart(12)} ${ms(saturating.p50)} ${ms(saturating.p99)}   ${ratio.toFixed(1)}`;
}
