/** How this engine is set up, and who is asking. */
import { z } from "zod";
import type { Caller } from "../../access/caller.ts";
import { Settings, settings } from "../../answers/settings.ts";
import { EVERY_RIGHT, rightsTold, WhoAmI } from "../../answers/whoami.ts";
import type { ApiContext, App } from "../context.ts";
import { callerOf } from "../guard.ts";
import { NOUN_EXAMPLES } from "../noun-examples.ts";
import { ANY, clusterWide, visibleNamespaces } from "../rights.ts";
import { objectName, oneOrMore } from "../schemas.ts";

/** Each may cost a question to the API server per right. */
const MAX_NAMESPACES = 10;

export function settingRoutes(app: App, context: ApiContext): void {
  const { engine, access, models, advisor, started = { methods: ["token"], webhook: false } } = context;

  app.get(
    "/settings",
    {
      schema: {
        summary: "How this engine is set up, and what is not configured and why",
        tags: ["control"],
        response: { 200: Settings },
        example: NOUN_EXAMPLES.settings,
      },
      config: clusterWide("settings", "get"),
    },
    async () => settings(engine.status(), { ...started, how: access.hint, policyFile: engine.policyFile, models: models?.all().length ?? 0, advisor }),
  );

  const Query = z.strictObject({ namespace: oneOrMore(objectName).describe("namespaces to look at, 10 at most") });
  app.get(
    "/whoami",
    {
      schema: {
        summary: "Who you are to this API, and what you may do where",
        tags: ["control"],
        querystring: Query,
        response: { 200: WhoAmI },
        example: NOUN_EXAMPLES.whoami,
      },
      config: ANY,
    },
    async (request) => {
      const caller = callerOf(request);
      const namespaces = request.query.namespace ?? (await namespacesInTrouble(context, caller));
      const looked = [...new Set(namespaces)].toSorted().slice(0, MAX_NAMESPACES);
      const where = await Promise.all(EVERY_RIGHT.map(async (right) => [right, await visibleNamespaces(access, caller, right, ["", ...looked])] as const));
      const { name, groups, identity, audience } = caller;
      return { name, groups: [...groups], identity, audience, rights: rightsTold(new Map(where), audience), namespaces: looked };
    },
  );
}

/** Of live incidents, as far as the caller may know of them. */
async function namespacesInTrouble({ engine, access }: ApiContext, caller: Caller): Promise<readonly string[]> {
  const alive = engine.incidents().filter(({ phase }) => phase !== "resolved");
  const seen = await visibleNamespaces(
    access,
    caller,
    { resource: "incidents", verb: "list" },
    alive.map(({ subject }) => subject.namespace),
  );
  return [...seen].filter((namespace) => namespace !== "");
}
