/** Routes 21 and 22: several objects pursued together. Each goes through the engine's own gates; the record of it is a ticket. */
import { RESOURCES, type TicketResource } from "@kintsugi/core";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { CoordinationWorkflow, coordinationOf } from "../../answers/coordination.ts";
import { LAYERS } from "../../answers/layers.ts";
import { aliveIn, bare, incidentsFor } from "../../answers/named-objects.ts";
import { parseKind } from "../../kind-names.ts";
import { type ApiContext, type App, command } from "../context.ts";
import { callerOf, demand } from "../guard.ts";
import { FILTERED, where, within } from "../rights.ts";
import { objectName, SEVERITIES } from "../schemas.ts";
import { visible } from "../visibility.ts";
import { EXAMPLES } from "./examples.ts";
import { namespaceName, text } from "./names.ts";
import { ContractRefusal } from "./refusal.ts";
import { ticketsOf } from "./ticket-of.ts";

const TAGS = ["v1: coordination"];
const MAX_RESOURCES = 20;

const Trigger = z.object({
  incident_id: text(200).describe("your own name for it"),
  description: text(2_000),
  resources: z
    .array(
      z.object({ kind: text(63), name: objectName, namespace: z.union([z.literal(""), namespaceName]).default(""), issue: z.string().max(500).default("") }),
    )
    .min(1)
    .max(MAX_RESOURCES),
});
type Trigger = z.output<typeof Trigger>;

const layer = z.enum([...LAYERS, "unknown"]);
const Triggered = z.object({
  workflow_id: z.string(),
  status: z.enum(["pending", "executing", "completed", "failed"]),
  affected_layers: z.array(layer),
  root_cause_layer: layer,
  estimated_steps: z.int().describe("incidents that are pursued"),
  message: z.string(),
});

export function coordinationRoutes(app: App, context: ApiContext): void {
  const { engine, access } = context;
  const { find, known } = ticketsOf(context);

  app.post(
    "/coordination/trigger",
    {
      schema: {
        summary: "Pursue what is wrong with several objects together",
        description: "A request to the engine for each incident that they have, the lowest layer first. Gates apply to each, and nothing is approved by it.",
        ...{ tags: TAGS, body: Trigger, response: { 202: Triggered }, example: EXAMPLES.coordinate, unavailable: ["KUBERNETES_UNAVAILABLE"] },
      },
      config: within("remediations", "create", ({ body }) => namespacesOf(body as Trigger)[0] ?? ""),
    },
    async (request, reply) => {
      const { body } = request;
      const caller = callerOf(request);
      for (const namespace of namespacesOf(body)) await demand(access, caller, { resource: "remediations", verb: "create", namespace });
      const resources = body.resources.map((one) => resolved(one, context));
      const incidents = incidentsFor(resources, aliveIn(engine.incidents()));
      if (incidents.length === 0) throw nothingWrong(resources, context);
      const [only, ...others] = namespacesOf(body);
      const { id = "" } = await command(
        engine,
        {
          type: "ticket-open",
          report: {
            ...{
              purpose: "coordination",
              title: body.incident_id,
              externalId: body.incident_id,
              description: body.description,
              severity: gravest(incidents, context),
            },
            ...{ namespace: others.length === 0 ? (only ?? "") : "", target: body.resources[0]?.name ?? "", affected: [], resources, labels: {}, incidents },
          },
        },
        caller,
      );
      const { steps } = (await workflow(id)).remediation_plan;
      for (const { incident_id } of steps)
        await command(engine, { type: "request", incident: incident_id, why: `${id}: ${body.incident_id}: ${body.description}`.slice(0, 500) }, caller);
      const { status, layered_issue, execution_result } = await workflow(id);
      const { affected_layers, root_cause_layer } = layered_issue;
      return reply
        .code(202)
        .send({ workflow_id: id, status, affected_layers, root_cause_layer, estimated_steps: steps.length, message: execution_result.reason });
    },
  );
  const workflow = async (id: string): Promise<CoordinationWorkflow> => coordinationOf(await find(id), engine.incidents());

  const Page = z.object({ workflows: z.array(CoordinationWorkflow), count: z.int() });
  app.get(
    "/coordination/workflows",
    { schema: { summary: "Coordinations, newest first", tags: TAGS, response: { 200: Page }, example: EXAMPLES.coordinations }, config: FILTERED },
    async (request) => {
      const mine = await seenBy(context, request);
      return { workflows: mine.map((ticket) => coordinationOf(ticket, engine.incidents())), count: mine.length };
    },
  );

  const Params = z.object({
    id: z
      .string()
      .regex(/^cwf-\d{1,12}$/, "is not the id of a coordination: write for example cwf-5")
      .meta({ examples: ["cwf-5"] }),
  });
  app.get(
    "/coordination/workflows/:id",
    {
      schema: { summary: "One coordination", tags: TAGS, params: Params, response: { 200: CoordinationWorkflow }, example: EXAMPLES.coordination },
      config: where("remediations", "get", async ({ params }) => (await known((params as z.infer<typeof Params>).id))?.namespace),
    },
    ({ params }) => workflow(params.id),
  );
}

/** Newest first. */
async function seenBy(context: ApiContext, request: FastifyRequest) {
  const all = context.engine.tickets().filter(({ purpose }) => purpose === "coordination");
  const mine = await visible(context, request, { resource: "remediations", verb: "list" }, all, ({ namespace }) => namespace);
  return mine.toSorted((a, b) => Number(b.id.slice(4)) - Number(a.id.slice(4)));
}

/** Without repeats; kinds without a namespace are in none, whatever is sent. */
function namespacesOf({ resources }: Trigger): readonly string[] {
  return [...new Set(resources.map(placeOf))];
}

function placeOf({ kind, namespace }: Trigger["resources"][number]): string {
  const known = parseKind(kind);
  return known !== undefined && !RESOURCES[known].namespaced ? "" : namespace;
}

function resolved(one: Trigger["resources"][number], { engine }: ApiContext): TicketResource {
  const kind = parseKind(one.kind);
  const named = { kind: kind ?? one.kind, namespace: placeOf(one), name: one.name, issue: one.issue };
  const subject = kind === undefined ? undefined : engine.explain({ kind, namespace: named.namespace, name: named.name }).subject;
  return subject === undefined ? named : { ...named, subject: bare(subject) };
}

/** 404 where none of them is seen, else 409 in the engine's words. */
function nothingWrong(resources: readonly TicketResource[], { engine }: ApiContext): ContractRefusal {
  const said = resources.map(({ kind, namespace, name }) => {
    const known = parseKind(kind);
    return known === undefined ? `${kind} ${name} is of no kind that the engine watches` : engine.explain({ kind: known, namespace, name }).lines.join("; ");
  });
  return resources.every(({ subject }) => subject === undefined)
    ? new ContractRefusal(404, "NOT_FOUND", said.join(". "))
    : new ContractRefusal(409, "CONFLICT", `there is nothing to coordinate: ${said.join(". ")}`);
}

function gravest(ids: readonly string[], { engine }: ApiContext) {
  const severities = ids.flatMap((id) => engine.incident(id)?.severity ?? []);
  return SEVERITIES.find((one) => severities.includes(one)) ?? "low";
}
