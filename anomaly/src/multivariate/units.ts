/** Units of metrics, and how they turn into one another. */

interface Measure {
  readonly of: string;
  /** How many of the base unit one is. */
  readonly factor: number;
}

const MEASURES: ReadonlyMap<string, Measure> = new Map([
  ...measures("time", { s: 1, ms: 1e-3, us: 1e-6, ns: 1e-9, min: 60, h: 3_600 }),
  ...measures("data", { bytes: 1, kB: 1e3, MB: 1e6, GB: 1e9, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 }),
  ...measures("processors", { cores: 1, millicores: 1e-3 }),
  ...measures("share", { ratio: 1, percent: 1e-2 }),
]);

function measures(of: string, factors: Readonly<Record<string, number>>): [string, Measure][] {
  return Object.entries(factors).map(([unit, factor]) => [unit, { of, factor }]);
}

/** What a value in `from` is multiplied by to be in `to`; "MiB/s" is turned as "MiB" is. Undefined where the two measure different things, or it is not known what. */
export function factorBetween(from: string, to: string): number | undefined {
  if (from === to) return 1;
  const [plainFrom, plainTo] = [from.replace(/\/s$/, ""), to.replace(/\/s$/, "")];
  if ((plainFrom === from) !== (plainTo === to)) return undefined;
  const [one, other] = [MEASURES.get(plainFrom), MEASURES.get(plainTo)];
  return one !== undefined && one.of === other?.of ? one.factor / other.factor : undefined;
}
