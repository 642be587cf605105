/** A dozen nodes in three zones and a shop in them: the demo's cluster, and what most seeds are drawn around. */
import type { Container } from "@kintsugi/core";
import type { CronSpec } from "./api/hidden.ts";
import { createCluster, type SimCluster } from "./cluster.ts";
import { Moments } from "./scenario/moments.ts";
import {
  ADMIN,
  addNamespace,
  addNode,
  budget,
  configMap,
  daemonSet,
  deployment,
  jobSpec,
  quota,
  service,
  statefulSet,
  type WorkloadShape,
} from "./scenario/objects.ts";
import type { App, Stage } from "./scenario/stage.ts";
import { Victims } from "./scenario/victims.ts";
import { unserved } from "./world/facts.ts";
import { behaviour, type ImageBehaviour, task } from "./world/images.ts";

const MIB = 2 ** 20;
/** The path that says whether an application and what it needs are there; the liveness probe asks for the process alone. */
const READY = "/ready";

/** One application as the shop's people describe it. */
export interface Recipe {
  readonly kind: App["ref"]["kind"];
  readonly namespace: string;
  readonly name: string;
  readonly tag: string;
  readonly replicas: number;
  readonly cpu: string;
  readonly memory: string;
  readonly memoryLimit: string;
  /** Seconds until it answers. */
  readonly startS: number;
  readonly usesMib: number;
  readonly hasService?: boolean;
  readonly hasConfig?: boolean;
  readonly hasBudget?: boolean;
  readonly liveness?: boolean;
  readonly calls?: readonly Call[];
}

/** A Service that an application calls, as its template says. */
interface Call {
  readonly env: string;
  /** `namespace/name` */
  readonly to: string;
  readonly value: string;
  /** It is not ready while nothing serves this. */
  readonly isNeeded: boolean;
}

function calls(env: string, to: string, isNeeded = false, value?: string): Call {
  const [namespace, name] = to.split("/");
  return { env, to, isNeeded, value: value ?? `${name}.${namespace}:80` };
}

function web(namespace: string, name: string, tag: string, replicas: number, over: Partial<Recipe> = {}): Recipe {
  const size = { cpu: "200m", memory: "128Mi", memoryLimit: "256Mi", startS: 3, usesMib: 90 };
  return { kind: "Deployment", namespace, name, tag, replicas, ...size, hasService: true, ...over };
}

export const SHOP: readonly Recipe[] = [
  web("shop", "frontend", "2.14.0", 4, {
    ...{ cpu: "250m", hasConfig: true, hasBudget: true, liveness: true },
    calls: [calls("CART_ADDR", "shop/cart", true, "cart:80"), calls("CATALOGUE_URL", "shop/catalogue", false, "http://catalogue"), calls("AD_ADDR", "shop/ad")],
  }),
  web("shop", "cart", "1.9.1", 3, { hasConfig: true, hasBudget: true, calls: [calls("REDIS_ADDR", "data/redis-cart", true)] }),
  web("shop", "checkout", "3.2.0", 3, {
    ...{ cpu: "300m", hasConfig: true, hasBudget: true },
    calls: [
      calls("PAYMENT_URL", "payments/payment", true, "http://payment.payments.svc.cluster.local/v1"),
      calls("SHIPPING_ADDR", "shop/shipping"),
      calls("EMAIL_ADDR", "messaging/email"),
    ],
  }),
  web("shop", "catalogue", "1.22.0", 3, { memory: "192Mi", memoryLimit: "320Mi", usesMib: 150 }),
  web("shop", "recommendation", "0.8.3", 2, {
    cpu: "300m",
    memory: "256Mi",
    memoryLimit: "512Mi",
    startS: 9,
    usesMib: 240,
    calls: [calls("CATALOGUE_ADDR", "shop/catalogue", true)],
  }),
  web("shop", "currency", "1.4.0", 2, { cpu: "100m", memory: "64Mi", memoryLimit: "128Mi", usesMib: 40, hasConfig: true }),
  web("shop", "shipping", "1.7.2", 2, { calls: [calls("ORDERS_DB", "data/orders-db", true, "postgres://orders-db.data:5432/orders")] }),
  web("shop", "ad", "0.3.5", 2, { cpu: "100m" }),
  web("payments", "payment", "4.1.0", 3, { hasConfig: true, hasBudget: true, liveness: true, calls: [calls("FRAUD_CHECK_ADDR", "payments/fraud-check")] }),
  web("payments", "fraud-check", "2.0.4", 2, { memory: "256Mi", memoryLimit: "512Mi", startS: 6, usesMib: 230 }),
  web("messaging", "email", "1.1.0", 2, { hasConfig: true }),
  web("messaging", "notifier", "0.6.0", 1, { cpu: "50m" }),
  web("data", "search", "5.3.0", 2, { cpu: "500m", memory: "512Mi", memoryLimit: "768Mi", startS: 14, usesMib: 480 }),
  { ...web("data", "redis-cart", "7.2.4", 1, { cpu: "200m", memory: "256Mi", memoryLimit: "512Mi", usesMib: 180 }), kind: "StatefulSet" },
  { ...web("data", "orders-db", "16.2.0", 2, { cpu: "500m", memory: "1Gi", memoryLimit: "2Gi", startS: 8, usesMib: 800 }), kind: "StatefulSet" },
  { ...web("observability", "log-agent", "3.0.7", 0, { cpu: "50m", memory: "64Mi", memoryLimit: "128Mi", usesMib: 45, hasService: false }), kind: "DaemonSet" },
];

export const SHOP_ZONES = ["zone-a", "zone-b", "zone-c"] as const;

export interface Layout {
  readonly seed: string | number;
  readonly start?: number;
  readonly recipes: readonly Recipe[];
  readonly zones: readonly string[];
  readonly nodesPerZone: number;
  readonly nodeCpu: string;
  readonly nodeMemory: string;
}

/** Sets the cluster up; nothing runs yet. Give it ten virtual minutes and all is healthy. */
export function buildStage(layout: Layout): Stage {
  const cluster = createCluster({ seed: layout.seed, ...(layout.start === undefined ? {} : { start: layout.start }) });
  const [victims, moments] = [new Victims(cluster), new Moments(cluster)];
  const zones = addNodes(cluster, layout);
  for (const name of ["default", "kube-system", "kintsugi", ...new Set(layout.recipes.map((recipe) => recipe.namespace))]) addNamespace(cluster.world, name);
  const there = new Set(layout.recipes.map(({ namespace, name }) => `${namespace}/${name}`));
  return { cluster, apps: layout.recipes.map((recipe) => addApp(cluster, recipe, there)), zones, taken: new Set(), victims, moments };
}

function addNodes(cluster: SimCluster, layout: Layout): Map<string, string[]> {
  const zones = new Map<string, string[]>();
  const taints = [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }];
  addNode(cluster.world, { name: "control-1", zone: layout.zones[0] ?? "zone-a", labels: { "node-role.kubernetes.io/control-plane": "" }, taints });
  let count = 0;
  for (const zone of layout.zones) {
    const names: string[] = [];
    for (let i = 0; i < layout.nodesPerZone; i += 1) {
      count += 1;
      const name = `worker-${count}`;
      addNode(cluster.world, { name, zone, cpu: layout.nodeCpu, memory: layout.nodeMemory });
      names.push(name);
    }
    zones.set(zone, names);
  }
  return zones;
}

/** What is not part of this cluster is called in vain, and nobody minds. */
function addApp(cluster: SimCluster, recipe: Recipe, there: ReadonlySet<string>): App {
  const { world } = cluster;
  const needs = (recipe.calls ?? []).filter(({ isNeeded, to }) => isNeeded && there.has(to)).map(({ to }) => to);
  const { kind, namespace, name, replicas } = recipe;
  const image = `registry.shop.example/${namespace}/${name}:${recipe.tag}`;
  world.images.publish(image, doesWell(recipe, needs));
  const configMap_ = recipe.hasConfig === true ? `${name}-config` : undefined;
  if (configMap_ !== undefined) world.api.create(ADMIN, configMap(namespace, configMap_, ["LOG_LEVEL", "FEATURES", "UPSTREAM_URL"]));
  const shape = shapeOf(recipe, image, configMap_);
  if (kind === "Deployment") world.api.create(ADMIN, deployment(shape));
  else if (kind === "StatefulSet") world.api.create(ADMIN, statefulSet(shape));
  else world.api.create(ADMIN, daemonSet(shape));
  const isHeadless = kind === "StatefulSet";
  if (recipe.hasService === true) world.api.create(ADMIN, service(namespace, name, isHeadless ? { clusterIP: "None" } : {}));
  if (recipe.hasBudget === true) world.api.create(ADMIN, budget(namespace, name), { hidden: { budget: { maxUnavailable: 1 } } });
  return { ref: { kind, namespace, name }, image, replicas, hasService: recipe.hasService === true, configMap: configMap_, needs };
}

function doesWell(recipe: Recipe, needs: readonly string[]): ImageBehaviour {
  return behaviour({
    unready: needs.map((service) => {
      const [namespace = "", name = ""] = service.split("/");
      return { when: { type: "fact", name: unserved(namespace, name) }, statusCode: 503, path: READY };
    }),
    startMs: recipe.startS * 1000,
    memory: { baseBytes: recipe.usesMib * MIB },
    pullMs: 3_000 + recipe.usesMib * 20,
    sizeBytes: recipe.usesMib * MIB,
  });
}

function shapeOf(recipe: Recipe, image: string, config: string | undefined): WorkloadShape {
  const { namespace, name, replicas, cpu, memory, memoryLimit } = recipe;
  const upstream: Container["env"] =
    config === undefined ? [] : [{ name: "UPSTREAM_URL", valueFrom: { configMapKeyRef: { name: config, key: "UPSTREAM_URL" } } }];
  const env = [...upstream, ...(recipe.calls ?? []).map(({ env: variable, value }) => ({ name: variable, value }))];
  const labels = { "app.kubernetes.io/part-of": "shop" };
  return {
    ...{ namespace, name, image, replicas, cpu, memory, memoryLimit, labels },
    ...(env.length === 0 ? {} : { env }),
    ...(config === undefined ? {} : { envFrom: [{ configMapRef: { name: config } }] }),
    ...(recipe.calls === undefined ? {} : { readiness: READY }),
    ...(recipe.liveness === true ? { liveness: "/healthz" } : {}),
  };
}

/** A CronJob with a program of its own. */
export function addCron(
  cluster: SimCluster,
  namespace: string,
  name: string,
  schedule: string,
  does: ImageBehaviour,
  over: { readonly backoffLimit?: number } = {},
): void {
  const image = `registry.shop.example/${namespace}/${name}:1.0.0`;
  cluster.world.images.publish(image, does);
  const spec = { ...jobSpec({ namespace, name, image, backoffLimit: over.backoffLimit ?? 3 }), ttlSecondsAfterFinished: 3600 };
  const cron: CronSpec = {
    jobTemplate: { labels: { app: name }, annotations: {}, spec },
    concurrencyPolicy: "Forbid",
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
  };
  cluster.world.api.create(
    ADMIN,
    { kind: "CronJob", metadata: { name, namespace, labels: { app: name } }, spec: { schedule, suspend: false } },
    { hidden: { cron } },
  );
}

/** The fixed shop: twelve workers, sixteen applications, a nightly and a frequent job, a quota with room. */
export function buildShop(seed: string | number, start?: number): Stage {
  const layout = { seed, recipes: SHOP, zones: SHOP_ZONES, nodesPerZone: 4, nodeCpu: "4", nodeMemory: "16Gi", ...(start === undefined ? {} : { start }) };
  const stage = buildStage(layout);
  addCron(stage.cluster, "data", "stock-sync", "*/5 * * * *", task(20_000));
  addCron(stage.cluster, "payments", "settlement", "0 2 * * *", task(120_000));
  stage.cluster.world.api.create(ADMIN, quota("messaging", "messaging", { pods: "20", "requests.memory": "4Gi" }));
  return stage;
}
