/** A model that rows of numbers are given to, wherever it runs. */

export interface Model {
  /** By which it is asked for. */
  readonly name: string;
  readonly place: ModelPlace;
  /** Never throws: what cannot be asked is not ready. */
  state(): Promise<ModelState>;
  /** Throws ModelFailure. */
  detect(rows: Rows): Promise<Detection>;
}

export interface ModelPlace {
  readonly type: "built-in" | "kserve";
  /** Of Kubernetes, where the address says it; else the server's name. */
  readonly service: string;
  readonly namespace: string;
  /** Address of the server; undefined for a built-in model. */
  readonly url?: string;
}

export interface ModelState {
  /** `unknown`: it cannot be told, or not yet. */
  readonly status: "ready" | "unavailable" | "unknown";
  readonly message: string;
  /** What runs it, as far as it says so. */
  readonly runtime?: string;
  readonly version?: string;
}

/** One vector each, all of one width, every number finite. */
export type Rows = readonly (readonly number[])[];

export interface Detection {
  /** One whole number for each row. */
  readonly predictions: readonly number[];
  /** Empty where the model does not say. */
  readonly version: string;
}

/** `unknown-model`: nothing of that name. `rows`: it does not take these. `unreachable`: it does not answer, or is not ready. `unusable`: what it answered is no prediction. */
export type ModelTrouble = "unknown-model" | "rows" | "unreachable" | "unusable";

export class ModelFailure extends Error {
  readonly trouble: ModelTrouble;
  constructor(trouble: ModelTrouble, message: string) {
    super(message);
    this.name = "ModelFailure";
    this.trouble = trouble;
  }
}
