/** Kinds of series that are usually calm: loads, counts, temperatures, latencies, jobs, shapes. A sixth of the incidents are shifts that last. */
import { dailyWave, effect, isWeekend, type Kind, lasting, type Setting, slowNoise } from "./kind.ts";

const TYPES = 6;
const SHIFT = 5;

/** What most kinds have: a level over three decades, noise, a season, rare single samples far off. */
function usual(setting: Setting) {
  const { chance, day } = setting;
  const weekend = chance.happens(0.5) ? chance.uniform(0.4, 1) : 1;
  return {
    base: chance.logUniform(1, 1000),
    noise: chance.uniform(0.03, 0.3),
    season: chance.uniform(0.1, 0.6),
    rare: chance.uniform(0.0005, 0.006),
    wave: dailyWave(setting),
    slow: slowNoise(chance),
    shift: lasting(setting, SHIFT),
    week: (row: number) => (isWeekend(row, day) ? weekend : 1),
  };
}

type Usual = ReturnType<typeof usual>;
type Steady = (setting: Setting, its: Usual) => ReturnType<Kind["start"]>;

const rate: Steady =
  ({ chance }, { base, noise, season, rare, wave, slow, shift, week }) =>
  (row, incident) => {
    const size = incident?.size ?? 0;
    const load = base * (1 + season * wave(row)) * week(row) * (1 + 0.5 * noise * slow()) * Math.exp(0.35 * shift(row));
    const count = chance.poisson(load * effect(incident, 1, 1 + 1.5 * size, 0.3, 1 + 0.8 * size, 0.5, 0.05));
    return chance.happens(rare) ? count * chance.uniform(1.3, 2) : count;
  };

const mentions: Steady =
  ({ chance }, { base, season, rare, wave, week }) =>
  (row, incident) => {
    const wild = chance.happens(3 * rare) ? chance.uniform(2, 8) : 1;
    const more = incident === undefined ? 1 : 1 + (incident.type === SHIFT ? 1.5 : 3) * incident.size;
    return chance.poisson((base / 20 + 2) * (1 + season * wave(row)) * week(row) * chance.burst() * wild * more);
  };

const idleWithJobs: Steady = ({ chance, day }, { noise, rare, shift }) => {
  const every = Math.max(12, Math.floor(chance.uniform(0.3, 1.2) * day));
  const takes = 1 + chance.below(Math.min(12, every >> 2));
  return (row, incident) => {
    const skipped = incident !== undefined && incident.type % 3 === 0;
    const job = row % every < takes && !skipped ? 10 + chance.normal() : 0;
    const extra = (incident?.size ?? 0) * effect(incident, 0, 0, 12, 2, 0, 25, 4);
    return 2 + 0.3 * noise * chance.normal() + job + extra + 1.2 * shift(row) + (chance.happens(rare) ? chance.uniform(1, 12) : 0);
  };
};

const disk: Steady = ({ chance }, { base }) => {
  let busy = false;
  let left = 0;
  return (_, incident) => {
    if (left-- <= 0) {
      busy = chance.happens(0.2);
      left = busy ? chance.below(4) : 3 + chance.below(30);
    }
    const own = busy ? base * Math.exp(0.5 * chance.normal()) : 0.01 * base * Math.exp(0.3 * chance.normal());
    return own + base * (incident?.size ?? 0) * effect(incident, 0, 3, 1, 0.5, 6, 2, 0.7) * Math.exp(0.3 * chance.normal());
  };
};

const temperature: Steady = ({ chance }, { season, wave, shift }) => {
  let walk = 0;
  return (row, incident) => {
    walk = 0.998 * walk + 0.1 * chance.normal();
    const into = incident === undefined ? 0 : (row - incident.from) / (incident.until - incident.from);
    const off = (incident?.size ?? 0) * effect(incident, 0, -15, 12, -20 * into, 15 * into, 8 * Math.sin(row));
    return 60 + 4 * season * wave(row) + 3 * walk + 0.5 * chance.normal() + off + 6 * shift(row);
  };
};

const latency: Steady =
  ({ chance }, { base, noise, season, rare, wave, slow, shift }) =>
  (row, incident) => {
    const size = incident?.size ?? 0;
    const spread = (0.1 + noise) * (incident?.type === 1 ? 2 * size : 1);
    const usually = base * Math.exp(spread * chance.normal() + 0.2 * noise * slow()) * (1 + 0.15 * season * wave(row));
    const slower = effect(incident, 1, 1 + size, 1, 1 + 0.5 * size, 3, 0.6) * Math.exp(0.25 * shift(row));
    return usually * slower * (chance.happens(rare) ? chance.uniform(1.5, 4) : 1);
  };

const timing: Steady =
  ({ chance }, { base, rare, slow, shift }) =>
  (row, incident) => {
    const size = incident?.size ?? 0;
    const off = incident === undefined ? 0 : 0.8 * (incident.type % 2 === 0 ? -size : size);
    return base * Math.exp(0.35 * chance.normal() + 0.3 * slow() + off + 0.3 * shift(row)) * (chance.happens(2 * rare) ? chance.uniform(2, 5) : 1);
  };

const shape: Steady = ({ chance, day }, { base, noise }) => {
  const period = day / (1 + chance.below(3));
  const square = chance.happens(0.5);
  return (row, incident) => {
    const phase = (row % period) / period;
    const at = effect(incident, phase, 0.25, (2 * phase) % 1);
    const level = square ? (at < 0.4 ? 1 : 0.2) : 0.5 + 0.4 * Math.sin(2 * Math.PI * at);
    return base * (level + 0.15 * noise * chance.normal()) * effect(incident, 1, 1, 1, 1.4, 0.6, 0, 1.2);
  };
};

const speed: Steady = ({ chance, day }, { slow }) => {
  const peak = (hour: number, middle: number, width: number): number => Math.exp(-(((hour - middle) / width) ** 2));
  return (row, incident) => {
    const hour = (row / day) % 1;
    const rush = isWeekend(row, day) ? 0 : peak(hour, 0.33, 0.04) + 0.8 * peak(hour, 0.72, 0.05);
    const slower = (incident?.size ?? 0) * effect(incident, 0, 25, 35, 15, -10, 45, 12);
    return 65 - 25 * rush * chance.uniform(0.7, 1) + 3 * chance.normal() + 2 * slow() - slower;
  };
};

const states: Steady = ({ chance, day }, { base }) => {
  const levels = [0, 1, 2, 3].map(() => chance.uniform(0, 1));
  let state = 0;
  let left = 0;
  return (_, incident) => {
    if (left-- <= 0) {
      state = chance.below(3);
      left = 5 + chance.below(Math.floor(day / 2) + 5);
    }
    const level = incident === undefined ? levels[state] : incident.type < 3 ? 1 + 0.6 * incident.size : levels[3];
    return base * (level ?? 0) * (1 + 0.05 * chance.normal());
  };
};

const spikes: Steady =
  ({ chance }, { base, wave }) =>
  (row, incident) => {
    const calm = 0.1 + 0.05 * Math.abs(chance.normal());
    const spike = chance.happens(wave(row) > 0 ? 0.02 : 0.01) ? chance.uniform(0.5, 1) : calm;
    const more = chance.happens(0.4) ? chance.uniform(0.5, 1) : 0.1;
    return base * effect(incident, spike, 2 * (incident?.size ?? 0), chance.uniform(0.5, 1), more, 0.02, 0.4, 0.25);
  };

const leak: Steady = ({ chance, day }, { base, season, wave, shift }) => {
  const restart = Math.floor(2.3 * day);
  return (row, incident) => {
    const into = incident === undefined ? 0 : (row - incident.from) / (incident.until - incident.from);
    const usually = 1 + (0.5 * (row % restart)) / restart + 0.01 * chance.normal() + 0.03 * season * wave(row);
    return base * usually * effect(incident, 1, 1.3, 0.8, 1 + 0.3 * into, 1.15, 0.9) * (1 + 0.1 * shift(row));
  };
};

const KINDS: Readonly<Record<string, Steady>> = {
  rate,
  mentions,
  "idle with jobs": idleWithJobs,
  disk,
  temperature,
  latency,
  timing,
  shape,
  speed,
  states,
  spikes,
  leak,
};

export const STEADY: readonly Kind[] = Object.entries(KINDS).map(([name, begin]) => ({
  name,
  types: TYPES,
  start: (setting) => begin(setting, usual(setting)),
}));
