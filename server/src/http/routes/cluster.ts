/** The cluster as it is seen: at a glance, its pods, its nodes. */
import { z } from "zod";
import { ClusterOverview, clusterOverview, unseen } from "../../answers/cluster.ts";
import { NodeRow, nodeRow } from "../../answers/nodes.ts";
import { pageOf } from "../../answers/page.ts";
import { PodRow, podKey, podRow } from "../../answers/pods.ts";
import { parseLabelSelector, parsePodFieldSelector, type Selector } from "../../answers/selectors.ts";
import type { ApiContext, App } from "../context.ts";
import { NOUN_EXAMPLES } from "../noun-examples.ts";
import { onTheWire, pageShape, paging, wantedOf } from "../paging.ts";
import { HttpProblem } from "../problem.ts";
import { clusterWide, FILTERED } from "../rights.ts";
import { oneOrMore } from "../schemas.ts";
import { visible } from "../visibility.ts";

const blind = z.string().optional().describe("why what is listed may not be what is there; absent while it is seen");
const selector = z.string().max(1_000).default("");

const PodFilter = z.strictObject({
  namespace: oneOrMore(z.string().max(253)),
  labelSelector: selector.describe("as kubectl takes it: `app=cart,tier in (web,api),!canary`"),
  fieldSelector: selector.describe("`status.phase=Running,spec.nodeName!=worker-1`"),
  ...paging,
});
const PodPage = pageShape(PodRow).extend({ unseen: blind, now: z.number().describe("the engine's time, ms since 1970: ages are counted from it") });
const NodePage = pageShape(NodeRow).extend({ unseen: blind });

export function clusterRoutes(app: App, context: ApiContext): void {
  const { engine } = context;

  app.get(
    "/cluster",
    {
      schema: {
        summary: "The cluster at a glance",
        description:
          "unhealthy: a critical incident is alive, or half of the nodes or more are not ready. degraded: a node is not ready, an incident above severity low is alive, nodes or pods cannot be seen, or the ledger cannot be written. What is not seen is null, never zero.",
        tags: ["cluster"],
        response: { 200: ClusterOverview },
        example: NOUN_EXAMPLES.cluster,
      },
      config: clusterWide("signals", "get"),
    },
    async () => clusterOverview(engine.view(), engine.incidents(), engine.status()),
  );

  app.get(
    "/pods",
    {
      schema: { summary: "Pods, by namespace and name", tags: ["cluster"], querystring: PodFilter, response: { 200: PodPage }, example: NOUN_EXAMPLES.pods },
      config: FILTERED,
    },
    async (request) => {
      const { query } = request;
      const labels = parsed("labelSelector", parseLabelSelector(query.labelSelector));
      const fields = parsed("fieldSelector", parsePodFieldSelector(query.fieldSelector));
      const view = engine.view();
      const asked = query.namespace === undefined ? view.all("Pod") : [...new Set(query.namespace)].flatMap((namespace) => view.inNamespace("Pod", namespace));
      const chosen = asked.filter((pod) => labels(pod.metadata.labels) && fields(pod));
      const seen = await visible(context, request, { resource: "signals", verb: "list" }, chosen, ({ metadata }) => metadata.namespace);
      const page = pageOf(seen, podKey, wantedOf(query));
      const { items, next } = onTheWire({ ...page, items: page.items.map((pod) => podRow(pod, view)) });
      const why = unseen(view, "Pod", engine.status());
      return { items, now: engine.status().now, ...(next === undefined ? {} : { next }), ...(why === undefined ? {} : { unseen: why }) };
    },
  );

  app.get(
    "/nodes",
    {
      schema: { summary: "Nodes, by name", tags: ["cluster"], querystring: z.strictObject(paging), response: { 200: NodePage }, example: NOUN_EXAMPLES.nodes },
      config: clusterWide("signals", "list"),
    },
    async ({ query }) => {
      const view = engine.view();
      const page = pageOf(view.all("Node"), ({ metadata }) => metadata.name, wantedOf(query));
      const { items, next } = onTheWire({ ...page, items: page.items.map((node) => nodeRow(node, view)) });
      const why = unseen(view, "Node", engine.status());
      return { items, ...(next === undefined ? {} : { next }), ...(why === undefined ? {} : { unseen: why }) };
    },
  );
}

/** Throws HttpProblem 400. */
function parsed<T>(parameter: string, selector: Selector<T>): (item: T) => boolean {
  if (selector.ok) return selector.matches;
  const where = `querystring/${parameter}`;
  throw new HttpProblem(400, `${where}: ${selector.why}`, { errors: [{ where, message: selector.why }] });
}
