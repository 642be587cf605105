/** Routes 3 and 4. A trigger is a request to the engine: every gate applies, nothing is approved by it, and a dry run tells the engine nothing. */
import { type Attempt, type Incident, RESOURCES, type Ref, refText, sameRef } from "@kintsugi/core";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { Ledger } from "../../adapters/ledger.ts";
import { deploymentMethod, type METHODS } from "../../answers/deployment-method.ts";
import { Triggered, triggered } from "../../answers/triggered.ts";
import { attemptOf, type Past, parseWorkflowId, pastOf, Workflow, workflowOf } from "../../answers/workflow.ts";
import { parseKind } from "../../kind-names.ts";
import type { ApiContext, App } from "../context.ts";
import { callerOf, demand } from "../guard.ts";
import { incidentsOf } from "../incident-of.ts";
import { lookAhead } from "../look-ahead.ts";
import { requestDecision } from "../request-decision.ts";
import { where, within } from "../rights.ts";
import { objectName, SEVERITIES } from "../schemas.ts";
import { EXAMPLES } from "./examples.ts";
import { namespaceName, text } from "./names.ts";
import { ContractRefusal } from "./refusal.ts";
import { ticketsOf } from "./ticket-of.ts";

const TAGS = ["v1: remediation"];

const kind = z.string().transform((given, context) => {
  const known = parseKind(given);
  if (known !== undefined) return known;
  context.addIssue({
    code: "custom",
    message: "is not a kind that the engine watches: Deployment, StatefulSet, DaemonSet, Job, CronJob, Pod, Service or Node",
  });
  return z.NEVER;
});

const Trigger = z.object({
  incident_id: text(200).describe("inc-17; tic-4; or the id that your own system has for it"),
  namespace: namespaceName.describe("of the resource; for a Node it is kept and means nothing"),
  resource: z.object({ kind, name: objectName }),
  issue: z.object({
    type: text(100).describe(
      "a hint for people, kept in the ledger: pod_crash, oom_kill, high_cpu, high_memory, network_issue, a failure mode of the engine or your own word. What is wrong is diagnosed by the engine alone",
    ),
    description: text(2_000).optional(),
    severity: z.enum(SEVERITIES).optional(),
  }),
  dry_run: z.boolean().default(false).describe("true: nothing is told to the engine and nothing is recorded"),
});
type Trigger = z.output<typeof Trigger>;

export function remediationRoutes(app: App, context: ApiContext): void {
  const { engine, ledger } = context;
  const { find, known } = incidentsOf(context);

  app.post(
    "/remediation/trigger",
    {
      schema: {
        summary: "Ask the engine to remedy what is wrong with an object",
        description: "A request: gates and policy decide, and where they ask a person approves with their own credential.",
        ...{ tags: TAGS, body: Trigger, response: { 202: Triggered }, example: EXAMPLES.trigger, unavailable: ["KUBERNETES_UNAVAILABLE"] },
      },
      config: within("remediations", "create", ({ body }) => targetOf(body as Trigger).namespace),
    },
    async (request, reply) => {
      const { body } = request;
      const incident = await wanted(context, request, body);
      const given = { method: methodOf(context, incident.subject), policy: engine.policy(), now: engine.status().now };
      if (body.dry_run)
        return reply.code(202).send(triggered(incident, await lookAhead(engine, incident), { ...given, dryRun: true, said: "nothing was told to the engine" }));
      const said = await requestDecision(engine, incident.id, reasonOf(body), callerOf(request));
      const after = engine.incident(incident.id) ?? incident;
      return reply.code(202).send(triggered(after, await lookAhead(engine, after), { ...given, dryRun: false, said }));
    },
  );

  const Params = z.object({
    id: z.string().regex(/^wf-\d{1,12}(-\d{1,9})?$/, "is not the id of a workflow: write wf-17 for inc-17, wf-17-2 for its second attempt"),
  });
  app.get(
    "/workflows/:id",
    {
      schema: { summary: "How an incident is pursued", tags: TAGS, params: Params, response: { 200: Workflow }, example: EXAMPLES.workflow },
      config: where("remediations", "get", async ({ params }) => {
        const { incident = "" } = parseWorkflowId((params as z.infer<typeof Params>).id) ?? {};
        return (await known(incident))?.subject.namespace;
      }),
    },
    async ({ params }) => {
      const { incident: id = "", attempt } = parseWorkflowId(params.id) ?? {};
      const incident = await find(id);
      const workflow = workflowOf({
        incident,
        attempt,
        past: await pastIn(ledger, incident, attemptOf(incident, attempt)),
        method: methodOf(context, incident.subject),
      });
      if (workflow !== undefined) return workflow;
      const kept = incident.attempts.map((one) => one.id.replace("inc-", "wf-").replace("/", "-"));
      throw new ContractRefusal(
        404,
        "NOT_FOUND",
        `${id} has no attempt ${attempt} that is kept; ${kept.length === 0 ? "nothing was attempted yet" : `there are ${kept.join(", ")}`}`,
      );
    },
  );
}

const MAX_ACTS = 100;
/** An answer may take a few looks. */
const MAX_LOOKS = 20;

async function pastIn(ledger: Ledger, { id }: Incident, attempt: Attempt | undefined): Promise<Past> {
  if (attempt === undefined) return { sent: new Map() };
  const acts = (await ledger.find({ incident: id, types: ["act"], order: "newest-first", limit: MAX_ACTS })).toReversed();
  const last = acts.findLast(({ body }) => body.type === "act" && body.attempt === attempt.id && !body.undo);
  const after = last === undefined ? [] : await ledger.find({ incident: id, types: ["incident"], afterSeq: last.seq, order: "oldest-first", limit: MAX_LOOKS });
  return pastOf(attempt, acts, after);
}

/** The object that is meant; kinds without a namespace have none, whatever is sent. */
function targetOf({ resource, namespace }: Trigger): Ref {
  return { kind: resource.kind, namespace: RESOURCES[resource.kind].namespaced ? namespace : "", name: resource.name };
}

/** The incident that is alive for the object. Throws ContractRefusal: 404 no such object or id, 409 nothing is wrong there or it is another's, 503 not seen. */
async function wanted(context: ApiContext, request: FastifyRequest, body: Trigger): Promise<Incident> {
  const { engine } = context;
  const target = targetOf(body);
  const { observed, subject, incident, lines } = engine.explain(target);
  if (!observed || subject === undefined) {
    if (engine.view().health(target.kind) !== "live") throw new ContractRefusal(503, "KUBERNETES_UNAVAILABLE", lines.join("; "));
    throw new ContractRefusal(404, "NOT_FOUND", lines.join("; "));
  }
  await checkNamed(context, request, body.incident_id, subject);
  if (incident !== undefined && incident.phase !== "resolved") return incident;
  throw new ContractRefusal(409, "CONFLICT", `there is nothing to remedy: ${lines.join("; ")}`);
}

/** An id of ours has to be about the object that is meant; any other is the caller's own. */
async function checkNamed(context: ApiContext, request: FastifyRequest, id: string, subject: Ref): Promise<void> {
  const namesTicket = /^(tic|cwf)-\d{1,12}$/.test(id);
  if (!namesTicket && !/^inc-\d{1,12}$/.test(id)) return;
  const caller = callerOf(request);
  if (namesTicket) {
    const { find: findTicket, known: knownTicket } = ticketsOf(context);
    await demand(context.access, caller, { resource: "tickets", verb: "get", namespace: (await knownTicket(id))?.namespace ?? "", untold: true });
    const { resources } = await findTicket(id);
    const named = resources.flatMap((one) => one.subject ?? []);
    if (named.length > 0 && !named.some((one) => sameRef(one, subject)))
      throw new ContractRefusal(409, "CONFLICT", `${id} is about ${named.map(refText).join(", ")}, not about ${refText(subject)}`);
    return;
  }
  const { find, known } = incidentsOf(context);
  await demand(context.access, caller, { resource: "remediations", verb: "create", namespace: (await known(id))?.subject.namespace ?? "", untold: true });
  const { subject: about } = await find(id);
  if (sameRef(about, subject)) return;
  throw new ContractRefusal(
    409,
    "CONFLICT",
    `${id} is not about ${refText(subject)}, which answers for the resource: leave the id out of our form, or send the right one`,
  );
}

/** What goes into the ledger: the caller's words, marked as such. */
function reasonOf({ incident_id, issue }: Trigger): string {
  const said = issue.description === undefined ? "" : `: ${issue.description}`;
  return `${incident_id}, said to be ${issue.type}${issue.severity === undefined ? "" : ` (${issue.severity})`}${said}`.slice(0, 500);
}

/** As of now; unknown for what is gone. */
export function methodOf({ engine }: Pick<ApiContext, "engine">, subject: Ref): (typeof METHODS)[number] {
  const view = engine.view();
  return view.find(subject) === undefined ? "unknown" : deploymentMethod(subject, view, engine.ownership(subject)).method;
}
