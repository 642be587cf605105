/**
 * Kubernetes quantities (`250m`, `128Mi`, `1.5G`, `2e3`).
 * Grammar: k8s.io/apimachinery/pkg/api/resource/quantity.go.
 */
const SUFFIXES: Readonly<Record<string, number>> = {
  "": 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** Value in base units (cores, bytes, counts), or undefined when the text is no quantity. */
export function parseQuantity(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i))?$/.exec(text);
  if (match === null) return undefined;
  const scale = match[2] === undefined ? SUFFIXES[match[3] ?? ""] : Number(`1${match[2]}`);
  return scale === undefined ? undefined : Number(match[1]) * scale;
}

/** Bytes as the shortest exact binary quantity: 134217728 is `128Mi`. Rounds up to whole bytes. */
export function formatBytes(bytes: number): string {
  const whole = Math.ceil(bytes);
  for (const suffix of ["Gi", "Mi", "Ki"] as const) {
    const unit = SUFFIXES[suffix] ?? 1;
    if (whole >= unit && whole % unit === 0) return `${whole / unit}${suffix}`;
  }
  return `${whole}`;
}
