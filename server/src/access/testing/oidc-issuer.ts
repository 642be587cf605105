/** A real OpenID Connect issuer on loopback. Its tokens are what it gives a client for itself, as signed JWTs. */
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from "jose";
import { type Adapter, type AdapterPayload, Provider } from "oidc-provider";

const SECRET = "s".repeat(43);

export class OidcIssuer {
  readonly #server: Server;
  #port = 0;
  #answer: RequestListener = (_request, response) => response.writeHead(503).end();
  /** What its next tokens say beside the usual. */
  claims: Record<string, unknown> = {};
  #sign: (claims: JWTPayload) => Promise<string> = () => Promise.reject(new Error("it has no key yet"));
  /** Paths that were asked for. */
  readonly asked: string[] = [];

  private constructor() {
    this.#server = createServer((request, response) => {
      this.asked.push(request.url ?? "");
      this.#answer(request, response);
    });
  }

  static async start(): Promise<OidcIssuer> {
    const issuer = new OidcIssuer();
    await issuer.listen();
    await issuer.rotateKeys();
    return issuer;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  listen(): Promise<void> {
    return new Promise((resolve) =>
      this.#server.listen(this.#port, "127.0.0.1", () => {
        this.#port = (this.#server.address() as AddressInfo).port;
        resolve();
      }),
    );
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  /** From now on it signs with a new key, and publishes that alone. */
  async rotateKeys(): Promise<void> {
    const { privateKey } = await generateKeyPair("RS256", { extractable: true });
    this.#sign = (claims) => new SignJWT(claims).setProtectedHeader({ alg: "RS256" }).sign(privateKey);
    this.#answer = this.#provider({ ...(await exportJWK(privateKey)), alg: "RS256", use: "sig" });
  }

  /** What it would never say, signed with its own key all the same. */
  sign(claims: JWTPayload): Promise<string> {
    return this.#sign(claims);
  }

  /** A token that it made for an audience. */
  async token(audience: string): Promise<string> {
    const body = new URLSearchParams({ grant_type: "client_credentials", client_id: "ada", client_secret: SECRET, resource: `urn:${audience}` });
    const answer = await fetch(`${this.url}/token`, { method: "POST", body });
    const said = (await answer.json()) as { readonly access_token?: string };
    if (said.access_token === undefined) throw new Error(`no token: ${JSON.stringify(said)}`);
    return said.access_token;
  }

  #provider(key: JWK): RequestListener {
    const provider = new Provider(this.url, {
      clients: [
        {
          client_id: "ada",
          client_secret: SECRET,
          grant_types: ["client_credentials"],
          redirect_uris: [],
          response_types: [],
          token_endpoint_auth_method: "client_secret_post",
        },
      ],
      jwks: { keys: [key] },
      adapter: Memory,
      extraTokenClaims: () => this.claims,
      ttl: { ClientCredentials: 600 },
      features: {
        devInteractions: { enabled: false },
        clientCredentials: { enabled: true },
        resourceIndicators: {
          enabled: true,
          getResourceServerInfo: (_context, resource) => ({
            ...{ scope: "", audience: resource.slice("urn:".length), accessTokenFormat: "jwt", accessTokenTTL: 600 },
            jwt: { sign: { alg: "RS256" } },
          }),
        },
      },
    });
    return provider.callback();
  }
}

/** What it keeps, as long as the test. */
class Memory implements Adapter {
  readonly #kept = new Map<string, AdapterPayload>();

  async upsert(id: string, payload: AdapterPayload): Promise<void> {
    this.#kept.set(id, payload);
  }
  async find(id: string): Promise<AdapterPayload | undefined> {
    return this.#kept.get(id);
  }
  async destroy(id: string): Promise<void> {
    this.#kept.delete(id);
  }
  async consume(): Promise<void> {}
  async findByUserCode(): Promise<undefined> {}
  async findByUid(): Promise<undefined> {}
  async revokeByGrantId(): Promise<void> {}
}
