/** What the advisor, a model, says of an incident: beside the engine's own answer, never in it. */
import { z } from "zod";
import type { ApiContext, App } from "../context.ts";
import { aboutIncident, incidentsOf, IncidentParams as Params } from "../incident-of.ts";
import { HttpProblem } from "../problem.ts";

const NOTICE =
  "This is the text and the order of a model, made from the engine's diagnosis. The engine does not read it: plans, confidence and gates are its own.";

const Advice = z
  .object({
    incident: z.string(),
    advisor: z.object({ endpoint: z.string(), model: z.string() }),
    notice: z.string(),
    given: z.boolean(),
    why: z.string().nullable().describe("why there is no advice; null where there is"),
    askedAt: z.number().nullable().describe("ms since 1970"),
    narrative: z.string().nullable().describe("plain text of the model, at most 1,200 characters"),
    ranking: z.array(z.string()).describe("candidates of the engine as the model orders them, the likeliest first"),
    unranked: z.array(z.string()).describe("candidates that the model left out"),
    engine: z.array(z.string()).describe("the same candidates as the engine orders them, by measured confidence"),
    disagrees: z.boolean().nullable().describe("whether its first candidate is another than the engine's; null where there is nothing to compare"),
    notes: z.array(z.string()).describe("what was taken out of the model's answer"),
  })
  .meta({ id: "Advice" });

const EXAMPLE = {
  ...{ incident: "inc-17", advisor: { endpoint: "https://llm.example.org/v1", model: "granite-3.3-8b-instruct" }, notice: NOTICE },
  ...{ given: true, why: null, askedAt: Date.parse("2026-01-05T10:02:00Z"), unranked: [], notes: [] },
  narrative: "The cart has had no ready pod since its image was changed at 09:59. The new pods end at once; those of the revision before did not.",
  ...{ ranking: ["bad-rollout", "crash-loop"], engine: ["bad-rollout", "crash-loop"], disagrees: false },
};

export function adviceRoutes(app: App, context: ApiContext): void {
  const { find } = incidentsOf(context);
  app.get(
    "/incidents/:id/advice",
    {
      schema: {
        summary: "What the advisor says of an incident, where one is configured",
        tags: ["incidents"],
        params: Params,
        response: { 200: Advice },
        example: { answer: EXAMPLE },
      },
      config: aboutIncident(context)("incidents", "get"),
    },
    async ({ params }) => {
      const incident = await find(params.id);
      const { advisor } = context;
      if (advisor === undefined) {
        const detail =
          "no advisor is configured: start with `serve --advisor-url URL --advisor-model NAME`; the engine's own account is GET /api/v2/incidents/ID/explain";
        throw new HttpProblem(404, detail, { code: "ADVISOR_OFF" });
      }
      const advised = await advisor.advise(incident);
      const engine = (incident.diagnosis?.candidates ?? []).map(({ mode }) => mode);
      const said = advised.given ? advised.advice : { narrative: null, ranking: [], unranked: [], notes: [] };
      return {
        ...{ incident: incident.id, advisor: { endpoint: advisor.endpoint, model: advisor.model }, notice: NOTICE, given: advised.given, engine },
        ...{ why: advised.given ? null : advised.why, askedAt: advised.given ? advised.at : null },
        ...{ narrative: said.narrative, ranking: [...said.ranking], unranked: [...said.unranked], notes: [...said.notes] },
        disagrees: said.ranking.length === 0 ? null : said.ranking[0] !== engine[0],
      };
    },
  );
}
