/** The models that the operator named. */
import { type Model, ModelFailure } from "./model.ts";

export class ModelCatalogue {
  readonly #models: ReadonlyMap<string, Model>;

  constructor(models: readonly Model[]) {
    this.#models = new Map(models.map((model) => [model.name, model]));
  }

  /** In the order of the operator's file. */
  all(): readonly Model[] {
    return [...this.#models.values()];
  }

  /** Throws ModelFailure: `unreachable` where no model at all is configured, else `unknown-model`. */
  get(name: string): Model {
    const model = this.#models.get(name);
    if (model !== undefined) return model;
    if (this.#models.size === 0) throw new ModelFailure("unreachable", "no model is configured: name models in a file and start with `serve --models FILE`");
    throw new ModelFailure("unknown-model", `there is no model ${JSON.stringify(name)}; there is ${[...this.#models.keys()].join(", ")}`);
  }
}
