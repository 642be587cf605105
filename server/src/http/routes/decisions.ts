/** What a person decides about an incident: approve, deny, undo, close, propose. */
import { z } from "zod";
import { type ApiContext, type App, command } from "../context.ts";
import { callerOf } from "../guard.ts";
import { aboutIncident, IncidentParams as Params } from "../incident-of.ts";
import { Reply, Why } from "../schemas.ts";

export function decisionRoutes(app: App, context: ApiContext): void {
  const { engine } = context;
  const about = aboutIncident(context);

  const approval = z.strictObject({
    planHash: z.string().regex(/^[0-9a-f]{64}$/, "is not a plan's hash: 64 hexadecimal digits, as the incident shows it"),
    elicited: z
      .literal(true)
      .optional()
      .describe("an assistant put the question to its owner: for credentials made for MCP alone, and only where policy says approveByElicitation"),
  });
  const mayApprove = about("remediations", "approve").right;
  const isElicited = ({ body }: { readonly body: unknown }): boolean =>
    (body as z.infer<typeof approval>).elicited === true && engine.policy().spec.approveByElicitation;
  app.post(
    "/incidents/:id/approve",
    {
      schema: {
        summary: "Approve exactly the plan with this hash",
        tags: ["incidents"],
        params: Params,
        body: approval,
        response: { 200: Reply },
        example: { body: { planHash: "3f9a1c20b7de".padEnd(64, "0") }, answer: { text: "inc-17: approved" } },
      },
      config: { right: async (request) => ({ ...(await mayApprove(request)), ...(isElicited(request) ? { elicited: true as const } : {}) }) },
    },
    (request) => {
      const { planHash, elicited } = request.body;
      return command(engine, { type: "approve", incident: request.params.id, planHash, ...(elicited === undefined ? {} : { elicited }) }, callerOf(request));
    },
  );
  for (const [type, summary, done] of [
    ["deny", "Deny what is proposed; nothing is done to it for the veto time", "denied"],
    ["undo", "Take back what was done", "undoing"],
    ["close", "End it by hand", "closed"],
  ] as const) {
    const config = type === "close" ? about("incidents", "update") : about("remediations", type);
    const example = { body: { why: "we are debugging it" }, answer: { text: `inc-17: ${done}` } };
    const schema = { summary, tags: ["incidents"], params: Params, body: Why, response: { 200: Reply }, example };
    app.post(`/incidents/:id/${type}`, { schema, config }, (request) =>
      command(engine, { type, incident: request.params.id, why: request.body.why }, callerOf(request)),
    );
  }
  app.post(
    "/incidents/:id/propose",
    {
      schema: {
        summary: "Look at it again and propose anew",
        tags: ["incidents"],
        params: Params,
        response: { 200: Reply },
        example: { answer: { text: "inc-17: looked at again" } },
      },
      config: about("remediations", "create"),
    },
    (request) => command(engine, { type: "propose", incident: request.params.id }, callerOf(request)),
  );
}
