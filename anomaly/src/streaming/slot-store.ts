/** Slots of equal size in pages of memory: growing adds a page and moves nothing, so a slot's state stays where it is. */
import { InputError } from "../input-error.ts";
import { BYTES_PER_SERIES, NARROW, WIDE } from "./layout.ts";

/** 2 MiB a page: few enough pages for a million series, small enough that a bank of ten series is no burden. */
const PAGE_SHIFT = 10;
const PAGE_SLOTS = 1 << PAGE_SHIFT;
const IN_PAGE = PAGE_SLOTS - 1;

/** The same bytes twice. */
export interface Page {
  readonly wide: Float64Array;
  readonly narrow: Float32Array;
}

export class SlotStore {
  readonly #pages: Page[] = [];
  /** Slots that were used and given back, the last one on top. */
  readonly #free: number[] = [];
  /** Slots that were ever used. */
  #used = 0;

  /** Slots that were ever open: all valid slots are below. */
  get used(): number {
    return this.#used;
  }

  get bytes(): number {
    return this.#pages.length * PAGE_SLOTS * BYTES_PER_SERIES;
  }

  /** A slot whose state is all zero: one that was freed, or a new one. */
  take(): number {
    const freed = this.#free.pop();
    if (freed !== undefined) return freed;
    if (this.#used === this.#pages.length * PAGE_SLOTS) this.#addPage();
    return this.#used++;
  }

  /** Forgets a slot's state and gives it back. */
  free(slot: number): void {
    const { narrow } = this.pageOf(slot);
    const at = narrowAt(slot);
    narrow.fill(0, at, at + NARROW);
    this.#free.push(slot);
  }

  /** Throws InputError for a slot that never was. */
  pageOf(slot: number): Page {
    const page = slot >= 0 && slot < this.#used ? this.#pages[slot >>> PAGE_SHIFT] : undefined;
    if (page === undefined) throw new InputError(`there is no slot ${slot}: give one that open() returned`);
    return page;
  }

  /** For a snapshot: numbers of slots used and freed, the freed ones, then each page as far as it was used. */
  fields(): (Uint32Array | Float64Array)[] {
    return [Uint32Array.of(this.#used, this.#free.length), Uint32Array.from(this.#free), ...this.#pages.map((page, index) => this.#usedOf(page, index))];
  }

  /** Reads what fields() gave into an empty store. */
  restore(read: (into: Uint32Array | Float64Array) => void): void {
    const counts = new Uint32Array(2);
    read(counts);
    const [used = 0, free = 0] = counts;
    const freed = new Uint32Array(free);
    read(freed);
    this.#free.push(...freed);
    while (this.#pages.length * PAGE_SLOTS < used) this.#addPage();
    this.#used = used;
    for (const [index, page] of this.#pages.entries()) read(this.#usedOf(page, index));
  }

  #usedOf({ wide }: Page, index: number): Float64Array {
    return wide.subarray(0, Math.min(PAGE_SLOTS, this.#used - index * PAGE_SLOTS) * WIDE);
  }

  #addPage(): void {
    const wide = new Float64Array(PAGE_SLOTS * WIDE);
    this.#pages.push({ wide, narrow: new Float32Array(wide.buffer) });
  }
}

/** Where a slot begins in its page's views. */
export const wideAt = (slot: number): number => (slot & IN_PAGE) * WIDE;
export const narrowAt = (slot: number): number => (slot & IN_PAGE) * NARROW;
