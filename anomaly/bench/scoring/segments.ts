/** Runs of labelled samples. */

/** `first` and `final` are samples of the run, both inside it. */
export interface Segment {
  readonly first: number;
  readonly final: number;
}

/** The runs of 1 in order. None where every sample is labelled: as in TSB-AD, a run needs an edge to be one. */
export function segmentsOf(labels: Uint8Array): Segment[] {
  const segments: Segment[] = [];
  let first = -1;
  labels.forEach((label, index) => {
    if (label !== 0 && first < 0) first = index;
    if (label === 0 && first >= 0) {
      segments.push({ first, final: index - 1 });
      first = -1;
    }
  });
  if (first > 0) segments.push({ first, final: labels.length - 1 });
  return segments;
}
