/** Places for what stays open. Whoever is proven takes some of them and not all: everybody in a cluster can have a token that is known. */
import { type Caller, ownerOf } from "../access/caller.ts";

export interface Places {
  /** All together. */
  readonly most: number;
  /** Of one owner whose name is proven; those who share a generated token share all places. */
  readonly mostOfOne: number;
}

export type Taken =
  | {
      readonly type: "taken";
      /** Gives it back; once is enough. */
      readonly leave: () => void;
    }
  | { readonly type: "full" | "enough" };

export class StreamPlaces {
  readonly #places: Places;
  readonly #taken = new Map<object, string>();

  constructor(places: Places) {
    this.#places = places;
  }

  take(caller: Caller): Taken {
    const owner = ownerOf(caller);
    const { most, mostOfOne } = this.#places;
    if (caller.identity === "proven" && [...this.#taken.values()].filter((one) => one === owner).length >= mostOfOne) return { type: "enough" };
    if (this.#taken.size >= most) return { type: "full" };
    const place = {};
    this.#taken.set(place, owner);
    return { type: "taken", leave: () => void this.#taken.delete(place) };
  }
}
