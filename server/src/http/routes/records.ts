/** The ledger for auditors: pages, the whole as lines of JSON, the proof of the chain; and the report made from it. */
import { Readable } from "node:stream";
import { parseDuration, type Record } from "@kintsugi/core";
import { z } from "zod";
import type { Ledger, LedgerQuery } from "../../adapters/ledger.ts";
import { ledgerReport } from "../../report/ledger-report.ts";
import type { ApiContext, App } from "../context.ts";
import { cursorAt, positionOf } from "../cursor.ts";
import { EXAMPLE_NOW, EXAMPLE_RECORD } from "../examples.ts";
import { callerOf, demand } from "../guard.ts";
import { HttpProblem } from "../problem.ts";
import { clusterWide, FILTERED } from "../rights.ts";
import { durationMs, incidentId, limit, oneOrMore, RecordPage, Report } from "../schemas.ts";
import { visibleRecords } from "../visible-records.ts";

const TYPES = [
  "incident",
  "act",
  "paused",
  "resumed",
  "silenced",
  "unsilenced",
  "vetoed",
  "policy",
  "ticket",
  "known-good",
  "storm",
  "version",
  "started",
] as const;

/** Records with inputs that are read at once: 8 MB at most. */
const PAGE_WITH_INPUTS = 20;
/** Records that one request goes through in search of those that its caller may see; its page may be short, and `next` goes on. */
const MAX_LOOKED_AT = 4_000;

const Filter = z.strictObject({
  type: oneOrMore(z.enum(TYPES)),
  incident: incidentId.optional(),
  since: durationMs.optional().describe("not older than this"),
  inputs: z
    .enum(["true", "false"])
    .default("false")
    .describe(`with what each decision was made from, which can be large: at most ${PAGE_WITH_INPUTS} a page; takes the right in the whole cluster`),
  limit,
  cursor: z.string().max(64).optional(),
});
const Check = z.union([
  z.object({ ok: z.literal(true), records: z.number(), kept: z.number(), head: z.object({ seq: z.number(), hash: z.string(), epoch: z.number() }) }),
  z.object({ ok: z.literal(false), seq: z.number(), reason: z.string() }),
]);

const CHECKED = { ok: true, records: 42, kept: 0, head: { seq: 42, hash: EXAMPLE_RECORD.hash, epoch: 3 } };

export function recordRoutes(app: App, { access, ledger, now }: ApiContext): void {
  const config = clusterWide("records", "list");
  app.get(
    "/records",
    {
      schema: {
        summary: "Records that the caller may see, oldest first; a page may be short where `next` goes on",
        tags: ["ledger"],
        querystring: Filter,
        response: { 200: RecordPage },
        example: { query: { type: ["incident", "act"], since: "7d", limit: 20 }, answer: { items: [EXAMPLE_RECORD] } },
      },
      config: FILTERED,
    },
    async (request) => {
      const { query } = request;
      const inputs = query.inputs === "true";
      // A decision about one namespace looks at others: budgets, nodes, who calls whom.
      if (inputs) await demand(access, callerOf(request), { resource: "records", verb: "list", namespace: "" });
      const limit = inputs ? Math.min(query.limit, PAGE_WITH_INPUTS) : query.limit;
      const items: Record[] = [];
      let after = query.cursor === undefined ? 0 : positionOf(query.cursor);
      let isMore = true;
      for (let looked = 0; looked < MAX_LOOKED_AT && isMore && items.length < limit; looked += limit) {
        const found = await ledger.find({ ...conditions(query, now()), afterSeq: after, order: "oldest-first", limit, inputs });
        const room = (await visibleRecords(access, callerOf(request), found)).slice(0, limit - items.length);
        items.push(...room);
        // A page that is full ends with its last record: what was found behind it comes with the next.
        after = (items.length === limit ? items.at(-1)?.seq : found.at(-1)?.seq) ?? after;
        isMore = found.length === limit || after < (found.at(-1)?.seq ?? 0);
      }
      return { items, ...(isMore ? { next: cursorAt(after) } : {}) };
    },
  );

  app.get(
    "/records/verify",
    { schema: { summary: "Is the ledger as it was written?", tags: ["ledger"], response: { 200: Check }, example: { answer: CHECKED } }, config },
    () => ledger.verify(),
  );

  app.get(
    "/records/export",
    {
      schema: {
        summary: "The whole ledger as lines of JSON, after its chain was proven",
        tags: ["ledger"],
        produces: ["application/x-ndjson"],
        example: { answer: `${JSON.stringify(EXAMPLE_RECORD)}\n` },
      },
      config,
    },
    async (_request, reply) => {
      const check = await ledger.verify();
      if (!check.ok) throw new HttpProblem(500, `the chain is broken at record ${check.seq}: ${check.reason}; nothing is exported as if it were whole`);
      // Records that are appended meanwhile belong to the next export.
      reply.header("kintsugi-chain-head", `${check.head.seq} ${check.head.hash}`);
      return reply.type("application/x-ndjson").send(Readable.from(lines(ledger, check.head.seq)));
    },
  );

  app.get(
    "/report",
    {
      schema: {
        summary: "Per failure mode: what came, what would have been done, what people did",
        tags: ["ledger"],
        querystring: z.strictObject({ since: durationMs.default("7d") }),
        response: { 200: Report },
        example: { query: { since: "30d" }, answer: { from: 0, until: EXAMPLE_NOW, records: 42, modes: [{ mode: "bad-rollout", incidents: 1 }] } },
      },
      config,
    },
    async ({ query }) => {
      const until = now();
      return ledgerReport(ledger, until - (parseDuration(query.since) ?? 0), until);
    },
  );
}

function conditions(query: z.infer<typeof Filter>, now: number): Omit<LedgerQuery, "order" | "limit"> {
  return {
    ...(query.type === undefined ? {} : { types: query.type }),
    ...(query.incident === undefined ? {} : { incident: query.incident }),
    ...(query.since === undefined ? {} : { since: now - (parseDuration(query.since) ?? 0) }),
  };
}

async function* lines(ledger: Ledger, upTo: number): AsyncGenerator<string> {
  let page: readonly Record[];
  let after = 0;
  do {
    page = await ledger.find({ afterSeq: after, beforeSeq: upTo + 1, order: "oldest-first", limit: PAGE_WITH_INPUTS, inputs: true });
    if (page.length > 0) yield `${page.map((record) => JSON.stringify(record)).join("\n")}\n`;
    after = page.at(-1)?.seq ?? after;
  } while (page.length === PAGE_WITH_INPUTS);
}
