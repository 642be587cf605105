/** Models with everything that is known of them: where they run, whether they are ready. */
import { z } from "zod";
import { ModelCatalogue } from "../../models/catalogue.ts";
import { type Model, ModelFailure } from "../../models/model.ts";
import type { ApiContext, App } from "../context.ts";
import { HttpProblem } from "../problem.ts";
import { clusterWide } from "../rights.ts";

const ModelView = z
  .object({
    name: z.string(),
    type: z.enum(["built-in", "kserve"]).describe("`kserve`: any server that speaks its protocols"),
    service: z.string(),
    namespace: z.string(),
    url: z.string().nullable().describe("null for a built-in model"),
    status: z.enum(["ready", "unavailable", "unknown"]),
    message: z.string(),
    runtime: z.string().nullable().describe("null where the server does not say"),
    version: z.string().nullable().describe("null where the server does not say"),
  })
  .meta({ id: "Model" });
const Page = z.object({ items: z.array(ModelView) });
const Params = z.object({ model: z.string().min(1).max(253) });

const EXAMPLE = {
  ...{ name: "anomaly-detector", type: "kserve", service: "detector", namespace: "ml", url: "https://detector.ml.svc:8443/" },
  ...{ status: "ready", message: "detector on detector.ml.svc:8443 (v2) is ready", runtime: "sklearn", version: "3" },
} as const;

export function modelRoutes(app: App, { models = new ModelCatalogue([]) }: Pick<ApiContext, "models">): void {
  app.get(
    "/models",
    {
      schema: {
        summary: "Models that can be asked, and whether they are ready",
        tags: ["models"],
        response: { 200: Page },
        example: { answer: { items: [EXAMPLE] } },
      },
      config: clusterWide("models", "list"),
    },
    async () => ({ items: await Promise.all(models.all().map(viewOf)) }),
  );
  app.get(
    "/models/:model",
    {
      schema: {
        summary: "One model",
        tags: ["models"],
        params: Params,
        response: { 200: ModelView },
        example: { params: { model: "anomaly-detector" }, answer: EXAMPLE },
      },
      config: clusterWide("models", "get"),
    },
    async ({ params }) => {
      try {
        return await viewOf(models.get(params.model));
      } catch (error) {
        if (error instanceof ModelFailure) throw new HttpProblem(404, error.message);
        throw error;
      }
    },
  );
}

async function viewOf(model: Model): Promise<z.infer<typeof ModelView>> {
  const { status, message, runtime, version } = await model.state();
  const { type, service, namespace, url } = model.place;
  return { name: model.name, type, service, namespace, url: url ?? null, status, message, runtime: runtime ?? null, version: version ?? null };
}
