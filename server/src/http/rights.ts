/** What right each route asks for: stated beside the route, checked before its handler, and a route under /api that states none does not start. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Access } from "../access/access.ts";
import type { Caller } from "../access/caller.ts";
import type { ApiResource, Right, VerbOf } from "../access/right.ts";
import { callerOf, demand, permitted } from "./guard.ts";

/**
 * `any`: whoever has a token (what the API is, not what it knows). `filtered`: the handler shows only what `visibleNamespaces` names. Else a
 * function that says which right this very request needs; it may throw HttpProblem.
 */
export type Demanded = "any" | "filtered" | RightOf;
export type RightOf = (request: FastifyRequest) => Right | Promise<Right>;

declare module "fastify" {
  interface FastifyContextConfig {
    right?: Demanded;
  }
}

/** A right in the whole cluster. */
export function clusterWide<R extends ApiResource>(resource: R, verb: VerbOf<R>): { readonly right: RightOf } {
  const right = { resource, verb, namespace: "" } as Right;
  return { right: () => right };
}

/** A right in the namespace of what the request names by an id. Where that is, is told to who may look there. */
export function where<R extends ApiResource>(
  resource: R,
  verb: VerbOf<R>,
  namespaceOf: (request: FastifyRequest) => string | undefined | Promise<string | undefined>,
): { readonly right: RightOf } {
  return { right: async (request) => ({ resource, verb, namespace: (await namespaceOf(request)) ?? "", untold: true }) as Right };
}

/** A right in the namespace that the request is about. */
export function within<R extends ApiResource>(
  resource: R,
  verb: VerbOf<R>,
  namespaceOf: (request: FastifyRequest) => string | Promise<string>,
): { readonly right: RightOf } {
  return { right: async (request) => ({ resource, verb, namespace: await namespaceOf(request) }) as Right };
}

export const ANY: { readonly right: Demanded } = { right: "any" };
export const FILTERED: { readonly right: Demanded } = { right: "filtered" };

/** Makes every route of the instance keep its right. Before the first route. */
export function keepRights(app: FastifyInstance, access: Access): void {
  app.addHook("onRoute", ({ config, method, url }) => {
    if (config?.right === undefined) throw new Error(`${String(method)} ${url} does not say which right it asks for`);
  });
  app.addHook("preHandler", async (request) => {
    const { right } = request.routeOptions.config;
    if (typeof right === "function") await demand(access, callerOf(request), await right(request));
  });
}

/** Of these namespaces those in which the caller has the right; `""` stands for what has no namespace. One question where they have it everywhere. */
export async function visibleNamespaces(
  access: Pick<Access, "may">,
  caller: Caller,
  right: Omit<Right, "namespace">,
  namespaces: Iterable<string>,
): Promise<ReadonlySet<string>> {
  const wanted = [...new Set(namespaces)];
  if ((await permitted(access, caller, { ...right, namespace: "" } as Right)) === "allowed") return new Set(wanted);
  const answers = await Promise.all(
    wanted
      .filter((namespace) => namespace !== "")
      .map(async (namespace) => ({ namespace, answer: await permitted(access, caller, { ...right, namespace } as Right) })),
  );
  return new Set(answers.filter(({ answer }) => answer === "allowed").map(({ namespace }) => namespace));
}
