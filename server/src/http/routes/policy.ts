/** The policy in force, and another in its place. */
import { setImmediate } from "node:timers/promises";
import { ACTIONS, FAILURE_MODES, type Policy, PolicyDocument, PortError, parsePolicy } from "@kintsugi/core";
import type { FastifyRequest } from "fastify";
import { validatorCompiler } from "fastify-type-provider-zod";
import { z } from "zod";
import { askerOf } from "../../access/caller.ts";
import { decidedOtherwise, fieldChanges, PolicyChange } from "../../answers/policy-change.ts";
import type { EngineFacade } from "../../engine-facade.ts";
import { type ApiContext, type App, answered } from "../context.ts";
import { callerOf } from "../guard.ts";
import { NOUN_EXAMPLES } from "../noun-examples.ts";
import { HttpProblem } from "../problem.ts";
import { clusterWide } from "../rights.ts";

const IN_FORCE = z.object({
  name: z.string(),
  hash: z.string().describe("also the ETag: a change names it in If-Match"),
  spec: z.record(z.string(), z.unknown()).describe("as docs/policy.md has it, with every default; durations in ms"),
});
const Query = z.strictObject({ dryRun: z.enum(["true", "false"]).default("false").describe("change nothing: say what would change") });
/** The document comes as text, so that problems can say the line. */
const TEXTS = ["application/json", "application/yaml", "application/x-yaml", "text/yaml"];
/** Live incidents that a dry run looks at, a few at a time, so that the engine is not held up. */
const MAX_LOOKED = 200;
const AT_ONCE = 10;

export function policyRoutes(app: App, { engine }: ApiContext): void {
  app.get(
    "/policy",
    {
      schema: { summary: "The policy in force, with every default", tags: ["control"], response: { 200: IN_FORCE }, example: NOUN_EXAMPLES.policy },
      config: clusterWide("policies", "get"),
    },
    async (_request, reply) => {
      const { name, hash, spec } = engine.policy();
      return reply.header("etag", `"${hash}"`).send({ name, hash, spec: { ...spec } });
    },
  );

  app.register(async (scope) => {
    scope.removeContentTypeParser(["application/json", "text/plain"]);
    scope.addContentTypeParser(TEXTS, { parseAs: "string" }, (_request, body, done) => done(null, body));
    scope.put<{ Querystring: z.infer<typeof Query> }>(
      "/policy",
      {
        schema: {
          summary: "Put another policy in force: its document, as JSON or YAML",
          description: "If-Match names the hash of the one in force. Where the engine was started with --policy the file owns the policy, and this is refused.",
          tags: ["control"],
          consumes: TEXTS.slice(0, 2),
          querystring: Query,
          body: PolicyDocument,
          response: { 200: PolicyChange },
          example: NOUN_EXAMPLES.policyChange,
          unavailable: ["POLICY_UNKEPT"],
        },
        // Its own parser reads the document and says where it is wrong.
        validatorCompiler: (route) => (route.httpPart === "body" ? (value: unknown) => ({ value }) : validatorCompiler(route as never)),
        config: clusterWide("policies", "update"),
      },
      async (request) => {
        const { policy, warnings } = parsed(request.body);
        const dryRun = request.query.dryRun === "true";
        const { name, hash, spec } = engine.policy();
        const told = {
          dryRun,
          name: policy.name,
          hash: policy.hash,
          previous: { name, hash },
          changes: fieldChanges(spec, policy.spec),
          warnings: [...warnings],
        };
        checkMatch(request, hash, dryRun);
        if (dryRun) {
          const { decisions, unlooked } = await otherwise(engine, policy);
          const many = `${counted(told.changes.length, "field")} would change, and ${counted(decisions.length, "live incident")} would be decided otherwise`;
          return {
            ...told,
            decisions,
            ...(unlooked > 0 ? { unlooked } : {}),
            text: engine.policyFile === undefined ? many : `${many}; it is changed in ${engine.policyFile}`,
          };
        }
        if (engine.policyFile !== undefined)
          throw new HttpProblem(409, `the policy is that of ${engine.policyFile}, with which the engine was started: change that file and start it anew`);
        const { text } = await answered(engine.putPolicy({ policy, document: String(request.body), instead: hash }, askerOf(callerOf(request))).catch(unkept));
        return { ...told, text };
      },
    );
  });
}

/** The document cannot be written down, so nothing was changed. */
function unkept(error: unknown): never {
  if (error instanceof PortError) throw new HttpProblem(503, error.failure.message, { code: "POLICY_UNKEPT" });
  throw error;
}

/** Throws HttpProblem 400 with every problem and where it is. */
function parsed(body: unknown): { readonly policy: Policy; readonly warnings: readonly string[] } {
  const read = parsePolicy(typeof body === "string" ? body : "", { modes: FAILURE_MODES.map(({ id }) => id), actions: ACTIONS.map(({ id }) => id) });
  if (read.ok) return read;
  const errors = read.problems.map(({ line, column, path, message, hint }) => ({
    where: `body:${line}:${column}${path === "" ? "" : ` ${path}`}`,
    message: `${message}; ${hint}`,
  }));
  throw new HttpProblem(400, errors.map(({ where, message }) => `${where}: ${message}`).join("\n"), { errors });
}

function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? "" : "s"}`;
}

/** Throws HttpProblem 428 or 412. A dry run need not say what it is compared with. */
function checkMatch({ headers }: FastifyRequest, hash: string, dryRun: boolean): void {
  const given = headers["if-match"];
  if (given === undefined) {
    if (dryRun) return;
    throw new HttpProblem(428, `send If-Match: "HASH" with the hash of the policy in force that you have seen (GET /api/v2/policy)`);
  }
  const tags = given.split(",").map((tag) => tag.trim().replace(/^"(.*)"$/, "$1"));
  if (!tags.includes(hash)) throw new HttpProblem(412, `another policy is in force by now, ${hash}: look at it before you change it (GET /api/v2/policy)`);
}

async function otherwise(
  engine: EngineFacade,
  policy: Policy,
): Promise<{ readonly decisions: NonNullable<PolicyChange["decisions"]>; readonly unlooked: number }> {
  const live = engine.incidents().filter(({ phase }) => phase !== "resolved");
  const decisions: NonNullable<PolicyChange["decisions"]> = [];
  for (const [index, incident] of live.slice(0, MAX_LOOKED).entries()) {
    if (index > 0 && index % AT_ONCE === 0) await setImmediate();
    const decision = decidedOtherwise((id, options) => engine.preview(id, options), incident, policy, engine.status().now);
    if (decision !== undefined) decisions.push(decision);
  }
  return { decisions, unlooked: Math.max(0, live.length - MAX_LOOKED) };
}
