/** Plain HTTP between an engine and the API server, which can stop one write on its way: before it arrives there, or before the answer comes back. */
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { request } from "node:https";
import { join } from "node:path";
import { parse, stringify } from "yaml";

interface Kubeconfig {
  readonly clusters: readonly { readonly name: string; readonly cluster: { readonly server: string; readonly "certificate-authority-data": string } }[];
}

interface Upstream {
  readonly host: string;
  readonly port: string;
  readonly ca: Buffer;
}

export interface Stop {
  /** The first write to a path that holds this, dry runs left out. */
  readonly path: string;
  readonly where: "before-it-arrives" | "before-its-answer";
  /** Resolves when it is stopped; an API server that was reached has answered by then. */
  readonly reached: Promise<void>;
}

export class ApiProxy {
  readonly #server: Server;
  readonly #upstream: Upstream;
  #stop: (Stop & { readonly resolve: () => void }) | undefined;

  private constructor(upstream: Upstream) {
    this.#upstream = upstream;
    this.#server = createServer((asked, answer) => this.#pass(asked, answer));
  }

  static async to(kubeconfig: string): Promise<ApiProxy> {
    const config = parse(readFileSync(kubeconfig, "utf8")) as Kubeconfig;
    const { server = "", "certificate-authority-data": ca = "" } = config.clusters[0]?.cluster ?? {};
    const { hostname: host, port } = new URL(server);
    const proxy = new ApiProxy({ host, port: port === "" ? "443" : port, ca: Buffer.from(ca, "base64") });
    await new Promise<void>((resolve) => proxy.#server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  /** The kubeconfig with this proxy as its server; written into the folder. */
  kubeconfig(file: string, folder: string): string {
    const config = parse(readFileSync(file, "utf8")) as Kubeconfig;
    const address = this.#server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const clusters = config.clusters.map(({ name }) => ({ name, cluster: { server: `http://127.0.0.1:${port}` } }));
    const path = join(folder, "proxied.kubeconfig");
    writeFileSync(path, stringify({ ...config, clusters }), { mode: 0o600 });
    return path;
  }

  /** Stops the next such write, and only that one. */
  stopWrite(path: string, where: Stop["where"]): Stop {
    const { promise: reached, resolve } = Promise.withResolvers<void>();
    this.#stop = { path, where, reached, resolve };
    return this.#stop;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  #pass(asked: IncomingMessage, answer: ServerResponse): void {
    const { method = "GET", url = "/", headers } = asked;
    const stop = this.#stop;
    const isStopped = stop !== undefined && method !== "GET" && url.includes(stop.path) && !url.includes("dryRun=All");
    if (isStopped) this.#stop = undefined;
    if (isStopped && stop.where === "before-it-arrives") {
      stop.resolve();
      return;
    }
    const upstream = request({ ...this.#upstream, method, path: url, headers }, (reply) => {
      if (isStopped) {
        reply.resume().on("end", stop.resolve);
        return;
      }
      answer.writeHead(reply.statusCode ?? 502, reply.headers);
      // A watch may wait long for its first event.
      answer.flushHeaders();
      reply.pipe(answer);
    });
    upstream.on("error", () => answer.destroy());
    answer.on("close", () => upstream.destroy());
    asked.pipe(upstream);
  }
}
