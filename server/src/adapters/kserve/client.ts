/** A model behind KServe, or any server that speaks the Open Inference Protocol (v2) or KServe's v1 protocol over REST. */
import { randomUUID } from "node:crypto";
import { type Detection, type Model, ModelFailure, type ModelPlace, type ModelState, type Rows } from "../../models/model.ts";
import { type EndpointOptions, type JsonAnswer, JsonEndpoint, NoUsableAnswer, saidError } from "../json-endpoint.ts";
import { readPredictions, readReady } from "./v1.ts";
import { inferenceRequest, readInference, readMetadata, type V2Model } from "./v2.ts";

/** A model on a server of its own. */
export interface KServeConfig extends Pick<EndpointOptions, "url" | "ca" | "bearer"> {
  readonly name: string;
  /** Its name on the server (KServe's `--model_name`). */
  readonly servedAs: string;
  readonly protocol: "v1" | "v2";
  readonly timeoutMs: number;
}

const MAX_ANSWER_BYTES = 4 << 20;

export class KServeModel implements Model {
  readonly name: string;
  readonly place: ModelPlace;
  readonly #config: KServeConfig;
  readonly #endpoint: JsonEndpoint;
  /** One path segment, whatever the name holds. */
  readonly #segment: string;

  constructor(config: KServeConfig) {
    this.name = config.name;
    this.place = placeOf(config.url);
    this.#config = config;
    this.#endpoint = new JsonEndpoint({ ...config, maxBytes: MAX_ANSWER_BYTES });
    this.#segment = encodeURIComponent(config.servedAs);
  }

  async close(): Promise<void> {
    await this.#endpoint.close();
  }

  async state(): Promise<ModelState> {
    const { protocol, servedAs } = this.#config;
    const served = `${servedAs} on ${this.#endpoint.host} (${protocol})`;
    try {
      const said = protocol === "v1" ? await this.#stateV1() : await this.#stateV2();
      return { ...said, message: said.status === "ready" ? `${served} is ready` : `${served} is not ready` };
    } catch (error) {
      if (!(error instanceof ModelFailure)) throw error;
      return { status: error.trouble === "unusable" ? "unknown" : "unavailable", message: error.message };
    }
  }

  async detect(rows: Rows): Promise<Detection> {
    return this.#config.protocol === "v1" ? this.#detectV1(rows) : this.#detectV2(rows);
  }

  async #stateV1(): Promise<Omit<ModelState, "message">> {
    const answer = await this.#ask("GET", `/v1/models/${this.#segment}`);
    if (answer.status === 503) return { status: "unavailable" };
    const { isReady, version } = readReady(this.#good(answer));
    return { status: isReady ? "ready" : "unavailable", ...(version === undefined ? {} : { version }) };
  }

  /** Ready is what the status says; newer servers say it in the body as well. */
  async #stateV2(): Promise<Omit<ModelState, "message">> {
    const answer = await this.#ask("GET", `/v2/models/${this.#segment}/ready`);
    const { status, body } = answer;
    if (status === 503 || status === 400 || (status === 200 && isObject(body) && body["ready"] === false)) return { status: "unavailable" };
    this.#good(answer);
    const { runtime, version } = await this.#metadata();
    return { status: "ready", ...(runtime === "" ? {} : { runtime }), ...(version === undefined ? {} : { version }) };
  }

  async #detectV1(rows: Rows): Promise<Detection> {
    const answer = await this.#ask("POST", `/v1/models/${this.#segment}:predict`, { instances: rows });
    return { predictions: readPredictions(this.#good(answer), rows.length), version: "" };
  }

  async #detectV2(rows: Rows): Promise<Detection> {
    const id = randomUUID();
    const request = inferenceRequest(await this.#metadata(), rows, id);
    const answer = await this.#ask("POST", `/v2/models/${this.#segment}/infer`, request);
    return readInference(this.#good(answer), { name: this.#config.servedAs, id, rows: rows.length });
  }

  /** Read anew each time: a model is exchanged under its name. */
  async #metadata(): Promise<V2Model> {
    return readMetadata(this.#good(await this.#ask("GET", `/v2/models/${this.#segment}`)), this.#config.servedAs);
  }

  async #ask(method: "GET" | "POST", path: string, body?: object): Promise<JsonAnswer> {
    try {
      return await this.#endpoint.ask(method, path, body);
    } catch (error) {
      if (!(error instanceof NoUsableAnswer)) throw error;
      const isGarbled = error.how === "not-json" || error.how === "too-large";
      throw new ModelFailure(isGarbled ? "unusable" : "unreachable", error.message);
    }
  }

  /** The body of a 200. Throws ModelFailure for everything else. */
  #good({ status, body }: JsonAnswer): unknown {
    const { host } = this.#endpoint;
    const { servedAs } = this.#config;
    if (status === 200) return body;
    if (status === 404) throw new ModelFailure("unknown-model", `${host} knows no model ${JSON.stringify(servedAs)}: set \`servedAs\` to its name there`);
    if (status === 401 || status === 403) throw new ModelFailure("unreachable", `${host} refuses the credential (${status}): set \`tokenFile\``);
    if (status === 429 || status === 503) throw new ModelFailure("unreachable", `${servedAs} on ${host} is not ready, or too busy (${status})`);
    if (status === 400 || status === 422) throw new ModelFailure("rows", `${servedAs} does not take this (${status})${saidError(body)}`);
    throw new ModelFailure("unusable", `${servedAs} on ${host} answers ${status}${saidError(body)}`);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** `NAME.NAMESPACE.svc` is a Service of Kubernetes. */
function placeOf(url: URL): ModelPlace {
  const [, service, namespace] = /^([^.]+)\.([^.]+)\.svc(?:\.|$)/.exec(url.hostname) ?? [];
  const named = service === undefined || namespace === undefined ? { service: url.hostname, namespace: "" } : { service, namespace };
  return { type: "kserve", ...named, url: `${url.origin}${url.pathname}` };
}
