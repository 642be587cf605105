import { beforeEach, describe, expect, it } from "vitest";
import { Advisor, type AdvisorOptions, NoAdvice, type Question } from "./advisor.ts";
import { diagnosed } from "./testing/diagnosed-incident.ts";

const GOOD = JSON.stringify({ narrative: "It broke.", ranking: ["crash-loop", "bad-rollout"] });
const MINUTE = 60_000;

let now: number;
let questions: Question[];
let outcomes: string[];
/** Answers of the model, in order; the last one stays. */
let answers: (() => Promise<string>)[];

beforeEach(() => {
  now = 1_000_000;
  questions = [];
  outcomes = [];
  answers = [async () => GOOD];
});

function advisor(given: Partial<AdvisorOptions> = {}): Advisor {
  return new Advisor({
    ...{ endpoint: "https://llm.example.org/v1", model: "m", now: () => now, mark: () => "mark", perHour: 30, atOnce: 2 },
    ask: (question) => {
      questions.push(question);
      return (answers.length > 1 ? answers.shift()! : answers[0]!)();
    },
    onAsked: (incident, outcome) => outcomes.push(`${incident} ${outcome}`),
    ...given,
  });
}

describe("an advisor", () => {
  it("is asked once about a diagnosis, and again when that is another", async () => {
    const one = advisor();
    expect(await one.advise(diagnosed())).toMatchObject({ given: true, at: 1_000_000, advice: { narrative: "It broke." } });
    now += 24 * 60 * MINUTE;
    expect(await one.advise(diagnosed())).toMatchObject({ given: true, at: 1_000_000 });
    expect(questions).toHaveLength(1);
    await one.advise(diagnosed("inc-17", { finding: "4 pods end at once" }));
    expect(questions).toHaveLength(2);
  });

  it("is not asked again because it answered nonsense", async () => {
    answers = [async () => "I would rather sing."];
    const one = advisor();
    for (let time = 0; time < 3; time++)
      expect(await one.advise(diagnosed())).toMatchObject({
        given: false,
        why: expect.stringContaining("the advisor gave no usable answer: its answer is not"),
      });
    expect(questions).toHaveLength(1);
    expect(outcomes).toEqual(["inc-17 asked", "inc-17 unusable"]);
  });

  it("is left alone for a while after a failure, for as long as its server says", async () => {
    answers = [() => Promise.reject(new NoAdvice("asked too often", 5 * MINUTE)), async () => GOOD];
    const one = advisor();
    expect(await one.advise(diagnosed())).toEqual({ given: false, why: "the advisor gave no usable answer: asked too often" });
    now += 4 * MINUTE;
    expect(await one.advise(diagnosed())).toMatchObject({ given: false });
    now += 2 * MINUTE;
    expect(await one.advise(diagnosed())).toMatchObject({ given: true });
    expect(questions).toHaveLength(2);
    expect(outcomes).toEqual(["inc-17 asked", "inc-17 failed", "inc-17 asked", "inc-17 answered"]);
  });

  it("is asked one thing at a time about an incident, and all who wait get the same answer", async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    answers = [() => promise];
    const one = advisor();
    const waiting = [one.advise(diagnosed()), one.advise(diagnosed())];
    expect(await one.advise(diagnosed("inc-17", { finding: "another" }))).toMatchObject({ given: false, why: expect.stringContaining("an earlier diagnosis") });
    resolve(GOOD);
    for (const each of await Promise.all(waiting)) expect(each).toMatchObject({ given: true });
    expect(questions).toHaveLength(1);
  });

  it("is asked about so many incidents at once and no more", async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    answers = [() => promise];
    const one = advisor();
    const waiting = [one.advise(diagnosed("inc-1")), one.advise(diagnosed("inc-2"))];
    expect(await one.advise(diagnosed("inc-3"))).toMatchObject({ given: false, why: expect.stringContaining("2 other incidents") });
    resolve(GOOD);
    await Promise.all(waiting);
    expect(await one.advise(diagnosed("inc-3"))).toMatchObject({ given: true });
  });

  it("has so many questions an hour, and says when the next may be asked", async () => {
    const one = advisor({ perHour: 2 });
    await one.advise(diagnosed("inc-1"));
    now += 10 * MINUTE;
    await one.advise(diagnosed("inc-2"));
    expect(await one.advise(diagnosed("inc-3"))).toMatchObject({
      given: false,
      why: expect.stringContaining("2 questions an hour are used up; the next may be asked in 50 min"),
    });
    expect(await one.advise(diagnosed("inc-1"))).toMatchObject({ given: true });
    now += 51 * MINUTE;
    expect(await one.advise(diagnosed("inc-3"))).toMatchObject({ given: true });
    expect(questions).toHaveLength(3);
  });

  it("is not asked about what has no diagnosis", async () => {
    const { diagnosis: _, ...undiagnosed } = diagnosed();
    expect(await advisor().advise(undiagnosed)).toMatchObject({ given: false, why: expect.stringContaining("no diagnosis yet") });
    expect(questions).toEqual([]);
  });

  it("remembers a bounded number of answers", async () => {
    const one = advisor({ perHour: 1_000 });
    for (let number = 0; number <= 200; number++) await one.advise(diagnosed(`inc-${number}`));
    await one.advise(diagnosed("inc-200"));
    expect(questions).toHaveLength(201);
    await one.advise(diagnosed("inc-0"));
    expect(questions).toHaveLength(202);
  });
});
