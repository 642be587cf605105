/** What the laws ask of every method of the library that keeps state. */
import { createRandom } from "../../random.ts";

export interface Sample {
  readonly value: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** A number, or undefined where the method documents that it cannot tell. */
export type Told = number | undefined;

/** A method that is under way. */
export interface Running {
  /** Takes a sample and tells all that it says about it, in no unit. */
  push(sample: Sample): readonly Told[];
  /** What it says in the unit of the samples: where something is, and how large something is. */
  levels?(): readonly Told[];
  sizes?(): readonly Told[];
  snapshot(): Uint8Array;
}

export type Move = (value: number) => number;

/** What becomes of scores when each sample is multiplied, and when a number is added to each; else why something becomes of them. */
export interface Equivariance {
  readonly scale: "same" | { readonly exempt: string };
  readonly shift: "same" | { readonly exempt: string };
}

export interface Subject {
  /** As the index calls it, and what about it where it is there twice. */
  readonly name: string;
  readonly kind?: string;
  /** One that knows nothing, or has learned a history whose values were moved. */
  fresh(move?: Move): Running;
  restore(bytes: Uint8Array): Running;
  /** An ordinary sample. */
  draw(): (index: number) => number;
  /** What all pushes tell, from a batch of the same samples; else why there is none. */
  readonly batch: ((samples: readonly Sample[]) => readonly Told[]) | { readonly exempt: string };
  readonly equivariance: Equivariance;
}

export const START = Date.UTC(2026, 0, 5);
export const STEP = 15_000;

export const BOTH = { scale: "same", shift: "same" } as const;
export const neither = (exempt: string): Equivariance => ({ scale: { exempt }, shift: { exempt } });

/** Around 20, with a cycle of 12 samples. */
export function gauge(): (index: number) => number {
  const random = createRandom(7);
  return (index) => 20 + 3 * Math.sin((index * Math.PI) / 6) + random.normal();
}

/** That only rises. */
export function counter(): (index: number) => number {
  const random = createRandom(8);
  let total = 1000;
  return () => (total += 100 + 10 * random.normal());
}

/** P-values, most of them as they are where all is well. */
export function pValues(): (index: number) => number {
  const random = createRandom(9);
  return () => (random.next() < 0.1 ? 1e-9 : Math.max(1e-9, random.next()));
}

/** Distances from what is usual. */
export function distances(): (index: number) => number {
  const random = createRandom(10);
  return () => Math.abs(random.normal());
}

/** Samples from `from` on, in time. */
export function ordinary({ draw }: Pick<Subject, "draw">, count: number): Sample[] {
  const next = draw();
  return Array.from({ length: count }, (_, index) => ({ value: next(index), at: START + index * STEP }));
}

/** What a method learns from before it runs. */
export function history(move: Move = (value) => value, count = 240): Float64Array {
  const next = gauge();
  return Float64Array.from({ length: count }, (_, index) => move(next(index)));
}
