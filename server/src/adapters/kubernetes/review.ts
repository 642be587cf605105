/** What we may do, asked from the API server and remembered for a moment. */
import { type Permission, permissionText, type Reviewed } from "@kintsugi/core";
import { Remembered } from "../../remembered.ts";
import { askReview } from "./access-review.ts";
import type { Transport } from "./transport.ts";

const MAX_REMEMBERED = 5_000;

export class Reviewer {
  readonly #transport: Transport;
  readonly #ttlMs: number;
  readonly #timeoutMs: number;
  readonly #now: () => number;
  readonly #remembered: Remembered<Reviewed>;

  constructor(transport: Transport, ttlMs: number, timeoutMs: number, now: () => number) {
    this.#transport = transport;
    this.#ttlMs = ttlMs;
    this.#timeoutMs = timeoutMs;
    this.#now = now;
    this.#remembered = new Remembered(MAX_REMEMBERED, now);
  }

  /** Never throws: no answer is `unknown`, and is not remembered. */
  review(permission: Permission): Promise<Reviewed> {
    return this.#remembered.get(`${permissionText(permission)}/${permission.name}`, async () => {
      const value = await this.#ask(permission);
      return { value, until: value === "unknown" ? undefined : this.#now() + this.#ttlMs };
    });
  }

  #ask(permission: Permission): Promise<Reviewed> {
    const { group, resource, subresource, verb, namespace, name } = permission;
    const resourceAttributes = { group, resource, subresource, verb, namespace, name };
    return askReview(this.#transport, "selfsubjectaccessreviews", { resourceAttributes }, this.#timeoutMs);
  }
}
