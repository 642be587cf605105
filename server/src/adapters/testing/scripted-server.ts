/** An HTTP server on loopback, over real sockets, that remembers what it was asked and answers as told; with TLS where it is given a certificate. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface AskedOnce {
  readonly method: string;
  /** As it came, not decoded. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of many shapes
  readonly body: any;
}

export type Answering = (asked: AskedOnce, response: ServerResponse) => unknown;

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

export class ScriptedServer {
  readonly asked: AskedOnce[] = [];
  answer: Answering;
  /** Stays what it was when it is closed. */
  url: URL;
  readonly #server: Server;

  private constructor(answer: Answering, certificate: Certificate | undefined) {
    this.answer = answer;
    const listener: RequestListener = (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        const asked = {
          method: request.method ?? "",
          path: request.url ?? "",
          headers: request.headers,
          text,
          body: text === "" ? undefined : JSON.parse(text),
        };
        this.asked.push(asked);
        this.answer(asked, response);
      });
    };
    this.url = new URL(certificate === undefined ? "http://127.0.0.1" : "https://127.0.0.1");
    this.#server = certificate === undefined ? createServer(listener) : createTlsServer(certificate, listener);
  }

  static async start(answer: Answering, certificate?: Certificate): Promise<ScriptedServer> {
    const made = new ScriptedServer(answer, certificate);
    await new Promise<void>((resolve) => made.#server.listen(0, "127.0.0.1", resolve));
    made.url = new URL(`${made.url.protocol}//127.0.0.1:${(made.#server.address() as AddressInfo).port}`);
    return made;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve));
  }
}

export function sendJson(response: ServerResponse, status: number, body: unknown, headers: { readonly [name: string]: string } = {}): ServerResponse {
  return response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

/** Whether this machine can make certificates. */
export const hasOpenssl: boolean = spawnSync("openssl", ["version"]).status === 0;

/** A certificate for 127.0.0.1 that is its own authority. */
export function ownCertificate(): Certificate {
  const folder = mkdtempSync(join(tmpdir(), "certificate-"));
  try {
    const [key, cert] = [join(folder, "key"), join(folder, "cert")];
    const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
    execFileSync(
      "openssl",
      ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-keyout", key, "-out", cert, ...subject],
      {
        stdio: "ignore",
      },
    );
    return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
