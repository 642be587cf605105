/**
 * A client of the reference contract, written from its description and from what its clients sent, not from this program: paths and names as a caller
 * knows them, and a bearer token as the one thing that is new. It needs nothing but `fetch`, so it can be run against any engine.
 */

/** What came back; `json` is whatever it was. */
export interface ReferenceAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a caller looks into what comes
  readonly json: any;
}

export interface ReferenceTarget {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
}

export interface NewReferenceIncident {
  readonly title: string;
  readonly description: string;
  readonly severity: "low" | "medium" | "high" | "critical";
  readonly target?: string;
  readonly affected_resources?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
}

export class ReferenceClient {
  readonly #url: string;
  readonly #token: string | undefined;

  /** `url` without a path. Without a token only what needs none can be asked. */
  constructor(url: string, token?: string) {
    this.#url = url;
    this.#token = token;
  }

  ping = () => this.get("/health");
  health = () => this.get("/api/v1/health");

  trigger(incidentId: string, { namespace, kind, name }: ReferenceTarget, issueType: string, dryRun?: boolean): Promise<ReferenceAnswer> {
    const issue = { type: issueType, description: "reported by the old tools", severity: "high" };
    const dry = dryRun === undefined ? {} : { dry_run: dryRun };
    return this.post("/api/v1/remediation/trigger", { incident_id: incidentId, namespace, resource: { kind, name }, issue, ...dry });
  }

  workflow = (id: string) => this.get(`/api/v1/workflows/${id}`);
  incidents = (query: Readonly<Record<string, string>> = {}) => this.get("/api/v1/incidents", query);
  createIncident = (incident: NewReferenceIncident) => this.post("/api/v1/incidents", incident);
  recommendations = (asked: object = { timeframe: "6h", include_predictions: true, confidence_threshold: 0 }) => this.post("/api/v1/recommendations", asked);
  rightsizing = (query: Readonly<Record<string, string>>) => this.get("/api/v1/recommendations/rightsizing", query);
  predict = (asked: object) => this.post("/api/v1/predict", asked);
  diskExhaustion = (query: Readonly<Record<string, string>> = {}) => this.get("/api/v1/predict/disk-exhaustion", query);
  memoryLeak = (namespace: string) => this.get("/api/v1/predict/memory-leak", { namespace });
  analyze = (asked: object) => this.post("/api/v1/anomalies/analyze", asked);
  detect = ({ kind, namespace, name }: ReferenceTarget) => this.get(`/api/v1/detect/${kind.toLowerCase()}/${namespace}/${name}`);
  clearCache = () => this.post("/api/v1/detect/cache/clear");
  cacheStats = () => this.get("/api/v1/detect/cache/stats");
  coordinate = (asked: object) => this.post("/api/v1/coordination/trigger", asked);
  coordinations = () => this.get("/api/v1/coordination/workflows");
  coordination = (id: string) => this.get(`/api/v1/coordination/workflows/${id}`);
  namespaceCapacity = (namespace: string, query: Readonly<Record<string, string>> = {}) => this.get(`/api/v1/capacity/namespace/${namespace}`, query);
  clusterCapacity = () => this.get("/api/v1/capacity/cluster");

  get(path: string, query: Readonly<Record<string, string>> = {}): Promise<ReferenceAnswer> {
    const search = new URLSearchParams(query).toString();
    return this.#send("GET", search === "" ? path : `${path}?${search}`);
  }

  post(path: string, body?: object): Promise<ReferenceAnswer> {
    return this.#send("POST", path, body);
  }

  async #send(method: string, path: string, body?: object): Promise<ReferenceAnswer> {
    const headers: Record<string, string> = {};
    if (this.#token !== undefined) headers["authorization"] = `Bearer ${this.#token}`;
    if (body !== undefined) headers["content-type"] = "application/json";
    const response = await fetch(`${this.#url}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    return { status: response.status, json: await response.json() };
  }
}
