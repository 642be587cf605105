/** What waits for a person, and when nothing may be done. */
import { z } from "zod";
import { ApprovalRow, approvalKey, approvalRow, isAwaiting } from "../../answers/approvals.ts";
import { MaintenanceWindow, maintenanceWindows } from "../../answers/maintenance.ts";
import { pageOf } from "../../answers/page.ts";
import type { ApiContext, App } from "../context.ts";
import { NOUN_EXAMPLES } from "../noun-examples.ts";
import { onTheWire, pageShape, paging, wantedOf } from "../paging.ts";
import { clusterWide, FILTERED } from "../rights.ts";
import { oneOrMore } from "../schemas.ts";
import { visible } from "../visibility.ts";

const now = z.number().describe("the engine's time, ms since 1970");
const Filter = z.strictObject({ namespace: oneOrMore(z.string().max(253)), ...paging });

export function approvalRoutes(app: App, context: ApiContext): void {
  const { engine } = context;

  app.get(
    "/approvals",
    {
      schema: {
        summary: "What waits for a person, the longest first",
        tags: ["remediations"],
        querystring: Filter,
        response: { 200: pageShape(ApprovalRow).extend({ now }) },
        example: NOUN_EXAMPLES.approvals,
      },
      config: FILTERED,
    },
    async (request) => {
      const { query } = request;
      const waiting = engine.incidents().filter(isAwaiting);
      const chosen = query.namespace === undefined ? waiting : waiting.filter(({ subject }) => query.namespace?.includes(subject.namespace));
      const seen = await visible(context, request, { resource: "remediations", verb: "list" }, chosen, ({ subject }) => subject.namespace);
      return { ...onTheWire(pageOf(seen.map(approvalRow), approvalKey, wantedOf(query))), now: engine.status().now };
    },
  );

  app.get(
    "/maintenance-windows",
    {
      schema: {
        summary: "Maintenance windows of the policy in force",
        tags: ["control"],
        response: { 200: z.object({ items: z.array(MaintenanceWindow), now }) },
        example: NOUN_EXAMPLES.maintenance,
      },
      config: clusterWide("policies", "get"),
    },
    async () => {
      const at = engine.status().now;
      return { items: maintenanceWindows(engine.policy().spec, at), now: at };
    },
  );
}
