/**
 * Virtual time: a binary heap of calls ordered by (time, order of scheduling). Idle time costs nothing.
 * The moment of a call is `now` while it runs, so everything it writes carries that time.
 */
export interface Timeline {
  /** Milliseconds since 1970 on the API server's clock. Never steps back. */
  now(): number;
  /** Calls once at `time`, or as the next thing when that is past. Returns a function that cancels. */
  at(time: number, call: () => void): () => void;
  after(delayMs: number, call: () => void): () => void;
  /** When the next call is due; undefined when nothing is planned. */
  nextAt(): number | undefined;
  /** Runs the next call, moving the clock to it. False when nothing is planned. */
  runNext(): boolean;
  /** Runs everything due up to and including `time`, then stands at `time`. */
  advanceTo(time: number): void;
  /** Calls run so far: what a benchmark divides by. */
  ran(): number;
}

interface Entry {
  readonly time: number;
  readonly order: number;
  call: (() => void) | undefined;
}

export function createTimeline(start: number): Timeline {
  const heap: Entry[] = [];
  let now = start;
  let order = 0;
  let ran = 0;
  const at = (time: number, call: () => void): (() => void) => {
    const entry: Entry = { time: Math.max(time, now), order, call };
    order += 1;
    push(heap, entry);
    return () => {
      entry.call = undefined;
    };
  };
  const dropCancelled = (): Entry | undefined => {
    while (heap.length > 0 && heap[0]?.call === undefined) pop(heap);
    return heap[0];
  };
  const runNext = (): boolean => {
    const entry = dropCancelled();
    if (entry === undefined) return false;
    pop(heap);
    now = entry.time;
    const call = entry.call;
    entry.call = undefined;
    ran += 1;
    call?.();
    return true;
  };
  return {
    now: () => now,
    at,
    after: (delayMs, call) => at(now + delayMs, call),
    nextAt: () => dropCancelled()?.time,
    runNext,
    advanceTo: (time) => {
      for (let next = dropCancelled(); next !== undefined && next.time <= time; next = dropCancelled()) runNext();
      now = Math.max(now, time);
    },
    ran: () => ran,
  };
}

function before(a: Entry, b: Entry): boolean {
  return a.time < b.time || (a.time === b.time && a.order < b.order);
}

function push(heap: Entry[], entry: Entry): void {
  let index = heap.length;
  heap.push(entry);
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent] as Entry;
    if (!before(entry, above)) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = entry;
}

function pop(heap: Entry[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let index = 0;
  for (;;) {
    const left = 2 * index + 1;
    if (left >= heap.length) break;
    const right = left + 1;
    const child = right < heap.length && before(heap[right] as Entry, heap[left] as Entry) ? right : left;
    if (!before(heap[child] as Entry, last)) break;
    heap[index] = heap[child] as Entry;
    index = child;
  }
  heap[index] = last;
}
