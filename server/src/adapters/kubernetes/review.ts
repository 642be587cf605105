/** What we may do, asked from the API server and remembered for a moment. */
import { type Permission, permissionText, type Reviewed } from "@kintsugi/core";
import { askReview } from "./access-review.ts";
import type { Transport } from "./transport.ts";

const MAX_REMEMBERED = 5_000;

export class Reviewer {
  readonly #transport: Transport;
  readonly #ttlMs: number;
  readonly #timeoutMs: number;
  readonly #now: () => number;
  readonly #remembered = new Map<string, { readonly until: number; readonly answer: Reviewed }>();
  readonly #asking = new Map<string, Promise<Reviewed>>();

  constructor(transport: Transport, ttlMs: number, timeoutMs: number, now: () => number) {
    this.#transport = transport;
    this.#ttlMs = ttlMs;
    this.#timeoutMs = timeoutMs;
    this.#now = now;
  }

  /** Never throws: no answer is `unknown`, and is not remembered. */
  async review(permission: Permission): Promise<Reviewed> {
    const key = `${permissionText(permission)}/${permission.name}`;
    const found = this.#remembered.get(key);
    if (found !== undefined && this.#now() < found.until) return found.answer;
    const asking = this.#asking.get(key) ?? this.#ask(permission).finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    const answer = await asking;
    if (answer !== "unknown") this.#remember(key, answer);
    return answer;
  }

  #remember(key: string, answer: Reviewed): void {
    if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(key, { until: this.#now() + this.#ttlMs, answer });
  }

  #ask(permission: Permission): Promise<Reviewed> {
    const { group, resource, subresource, verb, namespace, name } = permission;
    const resourceAttributes = { group, resource, subresource, verb, namespace, name };
    return askReview(this.#transport, "selfsubjectaccessreviews", { resourceAttributes }, this.#timeoutMs);
  }
}
