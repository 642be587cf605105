/** Switches, silences, policy, state and the explanation of any object. */
import { KINDS, parseDuration } from "@kintsugi/core";
import { z } from "zod";
import { type ApiContext, type App, command } from "../context.ts";
import { EXAMPLE_EXPLANATION, EXAMPLE_NOW, EXAMPLE_SILENCE, EXAMPLE_STATUS } from "../examples.ts";
import { callerOf } from "../guard.ts";
import { clusterWide, where, within } from "../rights.ts";
import { durationMs, Explanation, objectName, Reply, Silences, Status, Why } from "../schemas.ts";

const pattern = z
  .string()
  .min(1)
  .max(253)
  .regex(/^[A-Za-z0-9.*_:-]+$/, "may hold letters, digits, . _ : - and * for any text");
const silenceId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "may hold lower-case letters, digits and -, at most 63");

const NewSilence = z
  .strictObject({
    id: silenceId.optional().describe("made up when missing"),
    namespace: pattern.optional(),
    kind: pattern.optional(),
    name: pattern.optional(),
    mode: pattern.optional(),
    duration: durationMs,
    why: Why.shape.why,
  })
  .refine((s) => s.namespace !== undefined || s.kind !== undefined || s.name !== undefined || s.mode !== undefined, {
    message: "would silence everything: name a namespace, kind, name or mode (or pause instead)",
  });
const ObjectParams = z.object({
  kind: z.enum(KINDS),
  namespace: z.union([z.literal("-"), objectName]).describe("`-` for kinds without a namespace"),
  name: objectName,
});

export function controlRoutes(app: App, context: ApiContext): void {
  switchRoutes(app, context);
  silenceRoutes(app, context);
  stateRoutes(app, context);
}

function switchRoutes(app: App, { engine }: ApiContext): void {
  for (const [type, summary] of [
    ["pause", "Begin nothing new until resumed"],
    ["resume", "Lift the pause"],
  ] as const) {
    const config = clusterWide("pauses", type === "pause" ? "create" : "delete");
    const example = { body: { why: "a look at the network first" }, answer: { text: `${type}d` } };
    app.post(`/${type}`, { schema: { summary, tags: ["control"], body: Why, response: { 200: Reply }, example }, config }, (request) =>
      command(engine, { type, why: request.body.why }, callerOf(request)),
    );
  }
}

function silenceRoutes(app: App, { engine, newId }: ApiContext): void {
  app.get(
    "/silences",
    {
      schema: {
        summary: "Silences in force",
        tags: ["control"],
        response: { 200: Silences },
        example: { answer: { items: [EXAMPLE_SILENCE], now: EXAMPLE_NOW } },
      },
      config: clusterWide("silences", "list"),
    },
    async () => ({
      items: [...engine.silences()],
      now: engine.status().now,
    }),
  );
  const Created = Reply.extend({ id: z.string() });
  app.post(
    "/silences",
    {
      schema: {
        summary: "Hold everything that matches for a while",
        tags: ["control"],
        body: NewSilence,
        response: { 201: Created },
        example: { body: { namespace: "shop", duration: "2h", why: "migration" }, answer: { text: "silenced", id: EXAMPLE_SILENCE.id } },
      },
      config: within("silences", "create", silencedNamespace),
    },
    async (request, reply) => {
      const { duration, id = `sil-${newId()}`, ...rest } = request.body;
      const done = await command(engine, { type: "silence", id, durationMs: parseDuration(duration) ?? 0, ...defined(rest) }, callerOf(request));
      return reply.code(201).send({ ...done, id });
    },
  );
  app.delete(
    "/silences/:id",
    {
      schema: {
        summary: "Lift a silence",
        tags: ["control"],
        params: z.object({ id: silenceId }),
        response: { 200: Reply },
        example: { params: { id: EXAMPLE_SILENCE.id }, answer: { text: "lifted" } },
      },
      config: where("silences", "delete", (request) =>
        silencedNamespace({ body: engine.silences().find(({ id }) => id === (request.params as { id: string }).id) }),
      ),
    },
    (request) => command(engine, { type: "unsilence", id: request.params.id }, callerOf(request)),
  );
}

function stateRoutes(app: App, { engine, ledger }: ApiContext): void {
  app.get(
    "/status",
    {
      schema: { summary: "What this process sees and may do", tags: ["control"], response: { 200: Status }, example: { answer: EXAMPLE_STATUS } },
      config: clusterWide("settings", "get"),
    },
    async () => {
      const { seq, epoch } = ledger.head();
      return { ...engine.status(), ledger: { id: ledger.id, seq, epoch } };
    },
  );

  app.get(
    "/explain/:kind/:namespace/:name",
    {
      schema: {
        summary: "Why something or nothing was done about an object",
        tags: ["control"],
        params: ObjectParams,
        response: { 200: Explanation },
        example: { params: { kind: "Deployment", namespace: "shop", name: "cart" }, answer: EXAMPLE_EXPLANATION },
      },
      config: within("signals", "get", (request) => named((request.params as z.infer<typeof ObjectParams>).namespace)),
    },
    async ({ params }) => {
      const ref = { kind: params.kind, namespace: named(params.namespace), name: params.name };
      return engine.explain(ref);
    },
  );
}

function named(namespace: string): string {
  return namespace === "-" ? "" : namespace;
}

/** The one namespace that a silence is about; empty, so the whole cluster, when it is a pattern or names none. */
function silencedNamespace({ body }: { readonly body?: unknown }): string {
  const { namespace } = (body ?? {}) as { readonly namespace?: string };
  return namespace === undefined || namespace.includes("*") ? "" : namespace;
}

/** Without the properties that were not given. */
function defined<T extends { readonly why: string }>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };
}
