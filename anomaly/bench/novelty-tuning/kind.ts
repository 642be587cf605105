/** A kind of series: how its values come about. */
import type { Chance } from "./chance.ts";
import type { Incident } from "./incidents.ts";

export interface Setting {
  readonly chance: Chance;
  /** Samples of a day. */
  readonly day: number;
  readonly incidents: readonly Incident[];
}

/** The value of a row; rows are asked for in order. */
export type Course = (row: number, incident: Incident | undefined) => number;

export interface Kind {
  readonly name: string;
  /** How many effects its incidents have. */
  readonly types: number;
  readonly start: (setting: Setting) => Course;
}

/** Of several effects the one of the incident; `none` where there is no incident. */
export function effect(incident: Incident | undefined, none: number, ...effects: readonly number[]): number {
  return incident === undefined ? none : (effects[incident.type] ?? none);
}

/** Up and down once a day, and a little twice a day, in about [-1.4, 1.4]. */
export function dailyWave({ chance, day }: Setting): (row: number) => number {
  const phase = chance.uniform(0, 2 * Math.PI);
  return (row) => {
    const angle = (2 * Math.PI * row) / day;
    return Math.sin(angle + phase) + 0.4 * Math.sin(2 * angle + 2 * phase);
  };
}

export const isWeekend = (row: number, day: number): boolean => Math.floor(row / day) % 7 >= 5;

/** Noise that remembers: variance 1, correlation of neighbours up to 0.97. */
export function slowNoise(chance: Chance): () => number {
  const memory = chance.uniform(0, 0.97);
  let value = 0;
  return () => {
    value = memory * value + Math.sqrt(1 - memory * memory) * chance.normal();
    return value;
  };
}

/** Levels that incidents of type `type` have left behind: they last. */
export function lasting({ incidents }: Setting, type: number): (row: number) => number {
  const shifts = incidents.filter((incident) => incident.type === type).map(({ from, size }) => ({ from, by: from % 2 === 0 ? -size : size }));
  return (row) => shifts.reduce((sum, { from, by }) => (row >= from ? sum + by : sum), 0);
}
