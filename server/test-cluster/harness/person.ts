/** A person with kubectl, as far as the stories need one: past our own adapter's logic, with the cluster's admin rights. */
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { ConnectionSource } from "../../src/adapters/kubernetes/kubeconfig.ts";
import { Transport } from "../../src/adapters/kubernetes/transport.ts";

export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [field: string]: unknown };
  // biome-ignore lint/suspicious/noExplicitAny: objects of any kind, read by stories that know what they made
  readonly [field: string]: any;
}

const PLURALS: Readonly<Record<string, string>> = { NetworkPolicy: "networkpolicies", Application: "applications" };

export class Person {
  readonly #transport: Transport;

  constructor(source: ConnectionSource) {
    this.#transport = new Transport(source, { monotonic: () => performance.now(), wall: () => Date.now() }, "person");
  }

  async create(object: KubeObject): Promise<KubeObject> {
    return this.#send("POST", pathOf(object, false), object, [201]);
  }

  /** Creates it unless it is there. */
  async ensure(object: KubeObject): Promise<void> {
    await this.#send("POST", pathOf(object, false), object, [201, 409]);
  }

  async get(apiVersion: string, kind: string, namespace: string, name: string): Promise<KubeObject | undefined> {
    const reply = await this.#transport.send({ method: "GET", path: pathOf({ apiVersion, kind, metadata: { name, namespace } }, true), timeoutMs: 20_000 });
    if (reply.status === 404) return undefined;
    return JSON.parse(reply.body) as KubeObject;
  }

  async list(apiVersion: string, kind: string, namespace: string, query = ""): Promise<readonly KubeObject[]> {
    const path = pathOf({ apiVersion, kind, metadata: { name: "", namespace } }, false);
    const reply = await this.#transport.send({ method: "GET", path: `${path}${query}`, timeoutMs: 20_000 });
    return (JSON.parse(reply.body) as { items: KubeObject[] }).items;
  }

  /** Strategic merge patch, as `kubectl patch` does. */
  async patch(apiVersion: string, kind: string, namespace: string, name: string, patch: unknown): Promise<KubeObject> {
    const path = pathOf({ apiVersion, kind, metadata: { name, namespace } }, true);
    return this.#send("PATCH", `${path}?fieldManager=kubectl-edit`, patch, [200], "application/strategic-merge-patch+json");
  }

  async remove(apiVersion: string, kind: string, namespace: string, name: string): Promise<void> {
    await this.#send("DELETE", pathOf({ apiVersion, kind, metadata: { name, namespace } }, true), undefined, [200, 202, 404]);
  }

  async post(path: string, body: unknown): Promise<KubeObject> {
    return this.#send("POST", path, body, [200, 201]);
  }

  async close(): Promise<void> {
    await this.#transport.close();
  }

  async #send(method: "POST" | "PATCH" | "DELETE", path: string, body: unknown, good: readonly number[], contentType?: string): Promise<KubeObject> {
    const reply = await this.#transport.send({
      method,
      path,
      timeoutMs: 20_000,
      ...(body === undefined ? {} : { body }),
      ...(contentType === undefined ? {} : { contentType }),
    });
    if (!good.includes(reply.status)) throw new Error(`${method} ${path}: ${reply.status} ${reply.body.slice(0, 500)}`);
    return JSON.parse(reply.body) as KubeObject;
  }
}

function pathOf(
  { apiVersion, kind, metadata }: Pick<KubeObject, "apiVersion" | "kind"> & { metadata: { name: string; namespace?: string } },
  named: boolean,
): string {
  const plural = PLURALS[kind] ?? `${kind.toLowerCase()}${kind.endsWith("s") ? "es" : "s"}`;
  const base = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const scope = metadata.namespace === undefined || metadata.namespace === "" ? "" : `/namespaces/${metadata.namespace}`;
  return `${base}${scope}/${plural}${named ? `/${metadata.name}` : ""}`;
}

/** Waits until it is so; throws with what it saw last. */
export async function until<T>(what: string, look: () => Promise<T | undefined | false>, timeoutMs = 120_000): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (performance.now() > end) throw new Error(`after ${timeoutMs / 1000} s still not: ${what}`);
    await sleep(250);
  }
}

/** A short name that no other run uses. */
export function unique(base: string): string {
  return `${base}-${createHash("sha256").update(`${process.pid}${performance.now()}${base}`).digest("hex").slice(0, 6)}`;
}
