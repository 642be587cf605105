/**
 * Asks a model for a narrative of an incident and an order of its candidates, within bounds. What it says is shown beside the engine's own answer and
 * goes nowhere else: nothing here can reach the engine.
 */
import type { Incident } from "@kintsugi/core";
import { type Advice, readAnswer } from "./answer.ts";
import { answerSchema, type Briefing, briefingOf } from "./briefing.ts";

/** One question to the model, as the adapter sends it. */
export interface Question extends Pick<Briefing, "system" | "user"> {
  /** JSON schema of the answer. */
  readonly schema: object;
}

/** The model gave no answer. The message holds no secret. */
export class NoAdvice extends Error {
  readonly retryAfterMs: number;
  constructor(why: string, retryAfterMs = 0) {
    super(why);
    this.name = "NoAdvice";
    this.retryAfterMs = retryAfterMs;
  }
}

export interface AdvisorOptions {
  /** For people: whose text it is. */
  readonly endpoint: string;
  readonly model: string;
  /** The text that the model gives. Throws NoAdvice. */
  readonly ask: (question: Question) => Promise<string>;
  /** ms, for budgets. */
  readonly now: () => number;
  /** Something that nobody can guess. */
  readonly mark: () => string;
  readonly perHour: number;
  /** Questions at the same time. */
  readonly atOnce: number;
  /** Told of every question, and how it ended. Gets no content. */
  readonly onAsked: (incident: string, outcome: "asked" | "answered" | "unusable" | "failed") => void;
}

export type Advised = { readonly given: true; readonly at: number; readonly advice: Advice } | { readonly given: false; readonly why: string };

const HOUR_MS = 3_600_000;
/** After a failure the same question is not put again for this long, or as long as the endpoint says. */
const PAUSE_MS = 30_000;
const MOST_KEPT = 200;

interface Kept {
  readonly hash: string;
  readonly advised: Advised;
  readonly until: number;
}

export class Advisor {
  readonly endpoint: string;
  readonly model: string;
  readonly #options: AdvisorOptions;
  /** By incident, the least recently asked first. */
  readonly #kept = new Map<string, Kept>();
  readonly #underWay = new Map<string, { readonly hash: string; readonly advised: Promise<Advised> }>();
  #asked: number[] = [];

  constructor(options: AdvisorOptions) {
    this.endpoint = options.endpoint;
    this.model = options.model;
    this.#options = options;
  }

  /** The same diagnosis is asked about once. Never throws for what the model or its server does. */
  async advise(incident: Incident): Promise<Advised> {
    const briefing = briefingOf(incident, this.#options.mark());
    if (briefing === undefined) return none("there is no diagnosis yet that it could be told of");
    const kept = this.#kept.get(incident.id);
    if (kept?.hash === briefing.hash && this.#options.now() < kept.until) return kept.advised;
    const underWay = this.#underWay.get(incident.id);
    if (underWay !== undefined)
      return underWay.hash === briefing.hash ? underWay.advised : none("it is being asked about an earlier diagnosis of this incident: ask again soon");
    const refused = this.#refusal();
    if (refused !== undefined) return none(refused);
    const advised = this.#question(incident.id, briefing).finally(() => this.#underWay.delete(incident.id));
    this.#underWay.set(incident.id, { hash: briefing.hash, advised });
    return advised;
  }

  /** Why nothing more may be asked now. */
  #refusal(): string | undefined {
    const { perHour, atOnce, now } = this.#options;
    if (this.#underWay.size >= atOnce) return `it is being asked about ${atOnce} other incidents: ask again soon`;
    this.#asked = this.#asked.filter((at) => at > now() - HOUR_MS && at <= now());
    const [oldest] = this.#asked;
    if (this.#asked.length < perHour) return undefined;
    return `its ${perHour} questions an hour are used up${oldest === undefined ? "" : `; the next may be asked in ${Math.ceil((oldest + HOUR_MS - now()) / 60_000)} min`}`;
  }

  async #question(incident: string, briefing: Briefing): Promise<Advised> {
    const { ask, now, onAsked } = this.#options;
    this.#asked.push(now());
    onAsked(incident, "asked");
    let content: string;
    try {
      content = await ask({ system: briefing.system, user: briefing.user, schema: answerSchema(briefing.modes) });
    } catch (error) {
      if (!(error instanceof NoAdvice)) throw error;
      onAsked(incident, "failed");
      return this.#keep(incident, briefing.hash, none(error.message), Math.max(PAUSE_MS, error.retryAfterMs));
    }
    const read = readAnswer(content, briefing.modes);
    onAsked(incident, read.ok ? "answered" : "unusable");
    return this.#keep(incident, briefing.hash, read.ok ? { given: true, at: now(), advice: read.advice } : none(read.why), Number.POSITIVE_INFINITY);
  }

  #keep(incident: string, hash: string, advised: Advised, forMs: number): Advised {
    this.#kept.delete(incident);
    this.#kept.set(incident, { hash, advised, until: this.#options.now() + forMs });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return advised;
  }
}

function none(why: string): Advised {
  return { given: false, why: `the advisor gave no usable answer: ${why}` };
}
