/** How asking can fail. */
import type { components } from "./api.generated.ts";

export type Problem = components["schemas"]["Problem"];

/** The API has refused or failed, and says why. */
export class ApiProblem extends Error {
  readonly problem: Problem;
  /** When it may be tried again, where the API says so. */
  readonly retryAfterSeconds: number | undefined;
  constructor(problem: Problem, retryAfterSeconds?: number) {
    super(problem.detail);
    this.name = "ApiProblem";
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }
  get status(): number {
    return this.problem.status;
  }
  /** The same for every problem of its kind. */
  get code(): string | undefined {
    return this.problem.code;
  }
}

/** Nobody answers there, or not in time. `cause` is what was thrown. */
export class ApiUnreachable extends Error {
  constructor(url: string, why: string, cause: unknown) {
    super(`${url} cannot be reached: ${why}`, { cause });
    this.name = "ApiUnreachable";
    this.why = why;
  }
  readonly why: string;
}

/** Who answers there is no API of this kind. */
export class NotTheApi extends Error {
  readonly status: number;
  constructor(url: string, status: number) {
    super(`${url} answered ${status} and is not a Kintsugi API`);
    this.name = "NotTheApi";
    this.status = status;
  }
}

/** The answer is longer than this client reads. */
export class AnswerTooLarge extends Error {
  constructor(url: string, bytes: number) {
    super(`${url} sent an answer of ${bytes} bytes, which is too large to read`);
    this.name = "AnswerTooLarge";
  }
}
