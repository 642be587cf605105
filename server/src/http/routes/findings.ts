/** What looks wrong now. */
import { KINDS } from "@kintsugi/core";
import { z } from "zod";
import { FindingRow, findingMatches, findingRowKey, findingRows } from "../../answers/findings.ts";
import { pageOf } from "../../answers/page.ts";
import type { ApiContext, App } from "../context.ts";
import { NOUN_EXAMPLES } from "../noun-examples.ts";
import { onTheWire, pageShape, paging, wantedOf } from "../paging.ts";
import { FILTERED } from "../rights.ts";
import { objectName, oneOrMore } from "../schemas.ts";
import { visible } from "../visibility.ts";

const Filter = z.strictObject({
  namespace: oneOrMore(z.string().max(253)),
  kind: oneOrMore(z.enum(KINDS)).describe("of the subject"),
  name: objectName.optional().describe("of the subject"),
  detector: oneOrMore(z.string().max(64)),
  ...paging,
});

export function findingRoutes(app: App, context: ApiContext): void {
  const { engine } = context;
  // The same question among the signals, where a tool asks for one after the other.
  for (const path of ["/findings", "/signals/findings"]) {
    app.get(
      path,
      {
        schema: {
          summary: "What looks wrong now, by detector and subject",
          tags: ["signals"],
          querystring: Filter,
          example: NOUN_EXAMPLES.findings,
          response: { 200: pageShape(FindingRow).extend({ now: z.number().describe("the engine's time, ms since 1970") }) },
        },
        config: FILTERED,
      },
      async (request) => {
        const { query } = request;
        const chosen = engine.findings().filter((finding) => findingMatches(finding, query));
        const seen = await visible(context, request, { resource: "signals", verb: "list" }, chosen, ({ subject }) => subject.namespace);
        return { ...onTheWire(pageOf(findingRows(seen, engine.incidents()), findingRowKey, wantedOf(query))), now: engine.status().now };
      },
    );
  }
}
