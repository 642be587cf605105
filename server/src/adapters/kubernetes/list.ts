/** A complete, consistent list of one kind, page by page, projected as it arrives. */
import { type ClusterObject, type Kind, project } from "@kintsugi/core";
import { collectionPath } from "./paths.ts";
import type { Sharer } from "./share.ts";
import { parseStatus, type Status } from "./status.ts";
import { NoAnswer, type Transport } from "./transport.ts";

export interface Listed {
  readonly objects: readonly ClusterObject[];
  /** Where a watch goes on from. */
  readonly resourceVersion: string;
}

/** The API server's refusal of a list or watch. */
export class Refused extends Error {
  readonly status: Status;
  constructor(status: Status) {
    super(`HTTP ${status.code}`);
    this.name = "Refused";
    this.status = status;
  }
}

export interface ListOptions {
  readonly pageSize: number;
  readonly pageTimeoutMs: number;
  readonly maxPageBytes: number;
  readonly stopped: () => boolean;
}

/** A list that expires while it is read starts again this often before it counts as an error. */
const MAX_RESTARTS = 3;

/** Throws Refused and NoAnswer. */
export async function listKind(transport: Transport, kind: Kind, sharer: Sharer, options: ListOptions): Promise<Listed> {
  let pageSize = options.pageSize;
  let restarts = 0;
  let objects: ClusterObject[] = [];
  let token = "";
  for (;;) {
    if (options.stopped()) throw new NoAnswer("stopped", false, "stopped");
    const path = collectionPath(kind, "", { limit: pageSize, continue: token === "" ? undefined : token });
    let body: string;
    try {
      const reply = await transport.send({ method: "GET", path, timeoutMs: options.pageTimeoutMs, maxBytes: options.maxPageBytes });
      if (reply.status === 410 && token !== "" && restarts < MAX_RESTARTS) {
        // The snapshot was compacted away: its remaining pages would belong to another moment than the first ones.
        restarts++;
        objects = [];
        token = "";
        continue;
      }
      if (reply.status !== 200) throw new Refused(parseStatus(reply));
      body = reply.body;
    } catch (error) {
      if (!(error instanceof NoAnswer) || error.how !== "too-large" || pageSize <= 1) throw error;
      pageSize = Math.max(1, Math.floor(pageSize / 4));
      continue;
    }
    const page = parsePage(body);
    for (const item of page.items) {
      const object = project(item, kind);
      if (object !== undefined) objects.push(sharer.share(object));
    }
    token = page.token;
    if (token === "") return { objects, resourceVersion: page.resourceVersion };
  }
}

interface Page {
  readonly items: readonly unknown[];
  readonly token: string;
  readonly resourceVersion: string;
}

function parsePage(body: string): Page {
  let list: { items?: unknown; metadata?: { continue?: unknown; resourceVersion?: unknown } } | null;
  try {
    list = JSON.parse(body);
  } catch {
    throw new NoAnswer("the API server's list is not readable JSON", true, "network");
  }
  const { continue: token, resourceVersion } = list?.metadata ?? {};
  const items = list?.items ?? [];
  if (typeof resourceVersion !== "string" || resourceVersion === "" || !Array.isArray(items)) {
    throw new NoAnswer("what answered the list is not a Kubernetes API server", true, "network");
  }
  return { items, token: typeof token === "string" ? token : "", resourceVersion };
}
