/** Of one incident: its records page by page, why it is so, and what would be done. */
import { z } from "zod";
import { DiagnosisAnswer, diagnosisAnswer } from "../../answers/diagnosis.ts";
import { PlanAnswer, planAnswer } from "../../answers/plan.ts";
import type { ApiContext, App } from "../context.ts";
import { cursorAt, positionOf } from "../cursor.ts";
import { aboutIncident, incidentsOf, IncidentParams as Params } from "../incident-of.ts";
import { lookAhead } from "../look-ahead.ts";
import { NOUN_EXAMPLES } from "../noun-examples.ts";
import { pageShape, paging } from "../paging.ts";
import { HttpProblem } from "../problem.ts";
import { LedgerRecord } from "../schemas.ts";

export function diagnosisRoutes(app: App, context: ApiContext): void {
  const { engine, ledger } = context;
  const { find } = incidentsOf(context);
  const config = aboutIncident(context)("incidents", "get");

  app.get(
    "/incidents/:id/timeline",
    {
      schema: {
        summary: "Every record about an incident, oldest first",
        tags: ["incidents"],
        params: Params,
        querystring: z.strictObject(paging),
        response: { 200: pageShape(LedgerRecord) },
        example: NOUN_EXAMPLES.timeline,
      },
      config,
    },
    async ({ params, query }) => {
      await find(params.id);
      const after = query.cursor === undefined ? {} : { afterSeq: positionOf(query.cursor) };
      const found = await ledger.find({ incident: params.id, order: "oldest-first", limit: query.limit + 1, ...after });
      const items = found.slice(0, query.limit);
      const last = items.at(-1);
      return { items, ...(found.length > items.length && last !== undefined ? { next: cursorAt(last.seq) } : {}) };
    },
  );

  app.get(
    "/incidents/:id/diagnosis",
    {
      schema: {
        summary: "The ranked causes of an incident, with evidence for and against, and what changed shortly before",
        tags: ["incidents"],
        params: Params,
        response: { 200: DiagnosisAnswer },
        example: NOUN_EXAMPLES.diagnosis,
      },
      config,
    },
    async ({ params }) => diagnosisAnswer(await find(params.id), engine.preview(params.id)),
  );

  app.get(
    "/incidents/:id/plan",
    {
      schema: {
        summary: "What would be done about an incident, or is being done; 404 says why there is no plan",
        tags: ["incidents"],
        params: Params,
        response: { 200: PlanAnswer },
        example: NOUN_EXAMPLES.plan,
      },
      config,
    },
    async ({ params }) => {
      const incident = await find(params.id);
      const answer = planAnswer(incident, await lookAhead(engine, incident));
      if (typeof answer === "string") throw new HttpProblem(404, answer);
      return answer;
    },
  );
}
