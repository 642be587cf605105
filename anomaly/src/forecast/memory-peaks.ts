/** Memory is not had by waiting: what counts is the peak of each day, and a container that was killed needed more than it had. */
import type { UsageHistogram } from "./usage-histogram.ts";

/** The Vertical Pod Autoscaler's: a day, and after a kill for memory a fifth more than the container had, but 100 MiB at least. */
const DAY = 86_400_000;
/** A sample that comes more days late is not late: the clock was ahead and is set back. */
const MOST_LATE_DAYS = 7;
const KILLED_SHARE = 1.2;
const KILLED_BYTES = 100 * 1024 * 1024;

/** Feeds a histogram of memory with one sample for each day: its peak so far. */
export class MemoryPeaks {
  private readonly peaks: UsageHistogram;
  private day = Number.NaN;
  private peak = 0;

  constructor(peaks: UsageHistogram) {
    this.peaks = peaks;
  }

  /** Bytes used at `at` (milliseconds). Missing, infinite and negative values, and times up to a week before the running day, are left out and answered by false;
   * earlier ones say that the clock is set back, and it goes on from there. */
  add(bytes: number, at: number): boolean {
    if (!(bytes >= 0 && Number.isFinite(bytes) && Number.isFinite(at))) return false;
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
}
