/** Remediations: ask for one (policy and gates decide), and what has been done. */
import { type Incident, KINDS, parseDuration, type Ref } from "@kintsugi/core";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { Right } from "../../access/right.ts";
import { Proposal, proposalOf } from "../../answers/proposal.ts";
import { OUTCOMES, RemediationDetail, RemediationRow, remediationDetail, remediationRow } from "../../answers/remediations.ts";
import { attemptsPage, findAttempt, type KnownAttempt } from "../attempts.ts";
import type { ApiContext, App } from "../context.ts";
import { callerOf, demand } from "../guard.ts";
import { aboutIncident, incidentsOf } from "../incident-of.ts";
import { lookAhead } from "../look-ahead.ts";
import { NOUN_EXAMPLES } from "../noun-examples.ts";
import { onTheWire, pageShape, paging, wantedOf } from "../paging.ts";
import { HttpProblem } from "../problem.ts";
import { requestDecision } from "../request-decision.ts";
import { FILTERED } from "../rights.ts";
import { durationMs, incidentId, objectName, oneOrMore, Why } from "../schemas.ts";
import { mayShow } from "../visibility.ts";

const Target = z.strictObject({
  kind: z.enum(KINDS),
  namespace: z
    .union([z.literal(""), objectName])
    .default("")
    .describe("empty for kinds without a namespace"),
  name: objectName,
});
const Request = z
  .strictObject({
    incident: incidentId.optional(),
    target: Target.optional().describe("any object: a Pod stands for what answers for it"),
    dryRun: z.boolean().default(false).describe("change nothing, not even the ledger: say what would be proposed now"),
    why: Why.shape.why.optional().describe("for the ledger"),
  })
  .refine(({ incident, target }) => (incident === undefined) !== (target === undefined), { message: "name either an incident or a target" });
type Request = z.infer<typeof Request>;

const Filter = z.strictObject({
  namespace: oneOrMore(z.string().max(253)),
  incident: incidentId.optional(),
  outcome: oneOrMore(z.enum(OUTCOMES)),
  action: oneOrMore(z.string().max(64)),
  since: durationMs.optional().describe("not begun longer ago than this"),
  ...paging,
});
const Params = z.object({
  id: incidentId,
  n: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .meta({ description: "the attempt's number, from 1", examples: [1] }),
});

export function remediationRoutes(app: App, context: ApiContext): void {
  const { engine, now } = context;

  app.post(
    "/remediations",
    {
      schema: {
        summary: "Ask for a remediation: policy and gates decide, and where they ask, a person",
        tags: ["remediations"],
        body: Request,
        example: NOUN_EXAMPLES.propose,
        response: { 200: Proposal.describe("dry run: what would be proposed now"), 202: Proposal.describe("asked for: how it stands") },
      },
      config: { right: (request) => rightAsked(context, request.body as Request) },
    },
    async (request, reply) => {
      const { body } = request;
      const incident = await incidentMeant(context, request, body);
      if (body.dryRun) return reply.code(200).send(proposalOf(incident, await lookAhead(engine, incident), { dryRun: true }));
      const said = await requested(context, request, incident, body.why);
      const after = engine.incident(incident.id) ?? incident;
      return reply.code(202).send(proposalOf(after, await lookAhead(engine, after), { dryRun: false, said }));
    },
  );

  app.get(
    "/remediations",
    {
      schema: {
        summary: "What has been done, newest first",
        tags: ["remediations"],
        querystring: Filter,
        example: NOUN_EXAMPLES.remediations,
        response: { 200: pageShape(RemediationRow) },
      },
      config: FILTERED,
    },
    async (request) => {
      const { query } = request;
      const mayShowIn = mayShow(context, request, { resource: "remediations", verb: "list" });
      const page = await attemptsPage(context, {
        ...wantedOf(query),
        incident: query.incident,
        since: query.since === undefined ? undefined : now() - (parseDuration(query.since) ?? 0),
        matches: async (one) => matches(one, query) && (await mayShowIn(one.incident.subject.namespace)),
      });
      return onTheWire({ ...page, items: page.items.map(({ attempt, incident }) => remediationRow(attempt, incident)) });
    },
  );

  app.get(
    "/remediations/:id/:n",
    {
      schema: {
        summary: "One remediation with its plan, what it changed and how it is taken back",
        tags: ["remediations"],
        params: Params,
        response: { 200: RemediationDetail },
        example: NOUN_EXAMPLES.remediation,
      },
      config: aboutIncident(context)("remediations", "get"),
    },
    async ({ params }) => {
      const known = await findAttempt(context, params.id, params.n);
      if (known === undefined)
        throw new HttpProblem(404, `there is no remediation ${params.id}/${params.n}; list them with GET /api/v2/remediations?incident=${params.id}`);
      return remediationDetail(known.attempt, known.incident);
    },
  );
}

function matches({ attempt, incident }: KnownAttempt, { namespace, outcome, action }: z.infer<typeof Filter>): boolean {
  if (namespace !== undefined && !namespace.includes(incident.subject.namespace)) return false;
  if (outcome !== undefined && !outcome.includes(attempt.outcome)) return false;
  return action === undefined || action.includes(attempt.plan.action);
}

async function rightAsked(context: ApiContext, { incident, target }: Request): Promise<Right> {
  const base = { resource: "remediations", verb: "create" } as const;
  if (incident === undefined) return { ...base, namespace: target?.namespace ?? "" };
  return { ...base, namespace: (await incidentsOf(context).known(incident))?.subject.namespace ?? "", untold: true };
}

/** Throws HttpProblem where nothing is wrong with the target, where it is not there, and where its incident may not be acted on by who asks. */
async function incidentMeant(context: ApiContext, request: FastifyRequest, { incident, target }: Request): Promise<Incident> {
  if (target === undefined) return incidentsOf(context).find(incident ?? "");
  const ref: Ref = target;
  const { observed, incident: alive, lines } = context.engine.explain(ref);
  if (!observed) throw new HttpProblem(404, lines.join("; "));
  if (alive === undefined) throw new HttpProblem(409, `no incident is alive for it: ${lines.join("; ")}`);
  await demand(context.access, callerOf(request), { resource: "remediations", verb: "create", namespace: alive.subject.namespace });
  return alive;
}

/** A request holds nobody's veto for lifted: that is a person's to do, who proposes again. Throws HttpProblem for what has ended. */
async function requested({ engine }: ApiContext, request: FastifyRequest, { id, ...rest }: Incident, why = "asked for through the API"): Promise<string> {
  if (rest.phase === "resolved")
    throw new HttpProblem(409, `${id} has ended (${rest.how}): ${rest.detail}; if something is wrong again, name the object as target`);
  return requestDecision(engine, id, why, callerOf(request));
}
