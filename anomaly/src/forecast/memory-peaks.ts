/** Memory is not had by waiting: what counts is the peak of each day, and a container that was killed needed more than it had. */
import { InputError } from "../input-error.ts";
import { isSample, isTime } from "../sample-range.ts";
import { readSnapshot, writeSnapshot } from "../snapshot.ts";
import { UsageHistogram } from "./usage-histogram.ts";

const KIND = "memory-peaks";
const VERSION = 1;

/** The Vertical Pod Autoscaler's: a day, and after a kill for memory a fifth more than the container had, but 100 MiB at least. */
const DAY = 86_400_000;
/** A sample that comes more days late is not late: the clock was ahead and is set back. */
const MOST_LATE_DAYS = 7;
const KILLED_SHARE = 1.2;
const KILLED_BYTES = 100 * 1024 * 1024;

/** Feeds a histogram of memory with one sample for each day: its peak so far. */
export class MemoryPeaks {
  /** One sample for each day: for `rightSize`. */
  readonly peaks: UsageHistogram;
  private day = Number.NaN;
  private peak = 0;

  constructor(peaks: UsageHistogram) {
    this.peaks = peaks;
  }

  /** Bytes used at `at` (milliseconds). Missing, infinite and negative values, and times up to a week before the running day, are left out and answered by false;
   * earlier ones say that the clock is set back, and it goes on from there. */
  add(bytes: number, at: number): boolean {
    if (!(bytes >= 0 && isSample(bytes) && isTime(at))) return false;
    const day = Math.floor(at / DAY);
    if (day < this.day && day >= this.day - MOST_LATE_DAYS) return false;
    if (day === this.day) {
      if (bytes <= this.peak) return true;
      // The peak moved: the day still counts once. Its time is the day's, so that both weigh the same.
      this.peaks.add(this.peak, day * DAY, -1);
    }
    this.day = day;
    this.peak = bytes;
    return this.peaks.add(bytes, day * DAY);
  }

  /** The container was killed while it had `bytes`. */
  killed(bytes: number, at: number): boolean {
    return this.add(Math.max(bytes * KILLED_SHARE, bytes + KILLED_BYTES), at);
  }

  /** All state as bytes, that of the histogram as well. */
  snapshot(): Uint8Array {
    const peaks = this.peaks.snapshot();
    return writeSnapshot(KIND, VERSION, [Float64Array.of(this.day, this.peak, peaks.length), peaks]);
  }

  /** The peaks as they were, with a histogram of their own. Throws InputError for bytes that `snapshot` of this version did not write. */
  static restore(bytes: Uint8Array): MemoryPeaks {
    const reader = readSnapshot(bytes, KIND, VERSION);
    const [day = Number.NaN, peak = 0, length = 0] = reader.float64();
    if (!(length <= bytes.length)) throw new InputError("the snapshot of memory peaks is smaller than its histogram");
    const histogram = new Uint8Array(length);
    reader.into(histogram);
    reader.end();
    return Object.assign(new MemoryPeaks(UsageHistogram.restore(histogram)), { day, peak });
  }
}
