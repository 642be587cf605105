import { readFileSync } from "node:fs";
import { request } from "node:https";
import type { ClusterPaths } from "./paths.ts";
import { pkiFile } from "./pki.ts";
import type { TransferNet } from "./subnets.ts";

export interface Answer {
  /** 0 when nobody answered. */
  readonly status: number;
  readonly body: string;
}

/** The few requests that the cluster's own programs make, as its admin. */
export class KubeApi {
  readonly #options;

  constructor(paths: ClusterPaths, net: TransferNet) {
    this.#options = {
      host: net.apiAddress,
      port: 6443,
      ca: readFileSync(pkiFile(paths, "ca.crt")),
      cert: readFileSync(pkiFile(paths, "admin.crt")),
      key: readFileSync(pkiFile(paths, "admin.key")),
      timeout: 10_000,
    };
  }

  get(path: string): Promise<Answer> {
    return this.#send("GET", path);
  }

  post(path: string, body: unknown): Promise<Answer> {
    return this.#send("POST", path, JSON.stringify(body));
  }

  async isReady(): Promise<boolean> {
    return (await this.get("/readyz")).status === 200;
  }

  async nodeIsReady(name: string): Promise<boolean> {
    const answer = await this.get(`/api/v1/nodes/${name}`);
    return answer.status === 200 && readyCondition(JSON.parse(answer.body) as NodeObject);
  }

  async nodes(): Promise<{ name: string; ready: boolean }[]> {
    const answer = await this.get("/api/v1/nodes");
    if (answer.status !== 200) return [];
    const list = JSON.parse(answer.body) as { items: NodeObject[] };
    return list.items.map((node) => ({ name: node.metadata.name, ready: readyCondition(node) }));
  }

  #send(method: string, path: string, body?: string): Promise<Answer> {
    const headers = body === undefined ? {} : { "content-type": "application/json" };
    return new Promise((resolve) => {
      const call = request({ ...this.#options, method, path, headers }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part: string) => {
          text += part;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body: text }));
        response.on("error", (error) => resolve({ status: 0, body: error.message }));
      });
      call.on("timeout", () => call.destroy());
      call.on("error", (error) => resolve({ status: 0, body: error.message }));
      call.end(body);
    });
  }
}

interface NodeObject {
  readonly metadata: { readonly name: string };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

function readyCondition(node: NodeObject): boolean {
  return node.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
}
