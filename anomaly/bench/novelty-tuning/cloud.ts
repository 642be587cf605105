/** The cloud-monitoring series as NAB would label them: windows that begin before a labelled stretch and are a tenth of a series together. */
import type { Group, LabelledSeries } from "../cloud-monitoring/groups.ts";
import type { Series } from "../nab/corpus.ts";
import { probationOf, type Window } from "../nab/worth.ts";

const LABELLED = 0.1;

export const asNab = (groups: readonly Group[]): readonly Series[] => groups.flatMap(({ series }) => series.map(nabSeries));

/** Windows that would touch are one; a window that begins in NAB's probation is left out. */
export function nabSeries({ name, values, times, stretches }: Omit<LabelledSeries, "labels">): Series {
  const width = Math.floor((LABELLED * values.length) / Math.max(1, stretches.length));
  const windows: Window[] = [];
  for (const stretch of stretches) {
    const first = Math.max(0, stretch.first - 1);
    const last = Math.min(values.length - 1, Math.max(stretch.last, stretch.first + width));
    const before = windows.at(-1);
    if (before === undefined || first > before.last + 1) windows.push({ first, last });
    else windows[windows.length - 1] = { first: before.first, last: Math.max(before.last, last) };
  }
  return { name, values, times, windows: windows.filter(({ first, last }) => last > first && first >= probationOf(values.length)) };
}
