/** A disk that fills, and one that is cleaned up. */
import { createRandom, timeToLimit } from "../../src/index.ts";
import type { Scene } from "../chart.ts";

const HOUR = 3_600_000;
const KNOWN = 96;
const ALL = 200;
const LIMIT = 100;

export function timeToLimitScene(): Scene {
  const random = createRandom(2);
  const times = Float64Array.from({ length: KNOWN }, (_, hour) => hour * HOUR);
  const fills = times.map((time) => 30 + 0.45 * (time / HOUR) + 5 * Math.sin((2 * Math.PI * time) / (24 * HOUR)) + random.normal());
  const cleaned = times.map((time) => 40 + 2.2 * ((time / HOUR) % 23) + random.normal());
  const forecast = timeToLimit(times, fills, { limit: LIMIT, period: 24 * HOUR });
  const { at = 0, earliest = 0, latest = 0, perHour = 0 } = forecast;
  const line = (end: number): Float64Array => {
    const hours = end / HOUR;
    const last = LIMIT - perHour * (at / HOUR - (KNOWN - 1));
    return Float64Array.from({ length: ALL }, (_, hour) =>
      hour < KNOWN - 1 || hour > hours ? Number.NaN : last + ((LIMIT - last) * (hour - KNOWN + 1)) / (hours - KNOWN + 1),
    );
  };
  const long = (values: Float64Array): Float64Array => Float64Array.from({ length: ALL }, (_, hour) => values[hour] ?? Number.NaN);
  const hour = (time: number): string => `hour ${Math.round(time / HOUR)}`;
  return {
    name: "time-to-limit",
    title: "Time to limit",
    sample: "1 h",
    panels: [
      {
        title: `${forecast.verdict}: full at ${hour(at)}, between ${hour(earliest)} and ${hour(latest)}`,
        lines: [
          { label: "disk used, %", values: long(fills) },
          { label: "its peaks go on", values: line(at), colour: "orange" },
          { label: "at the earliest", values: line(earliest), colour: "orange", dashed: true },
          { label: "at the latest", values: line(latest), colour: "green", dashed: true },
        ],
        level: { label: "full", value: LIMIT },
      },
      {
        title: `${timeToLimit(times, cleaned, { limit: LIMIT }).verdict}: no warning`,
        lines: [{ label: "disk used, %", values: long(cleaned) }],
        level: { label: "full", value: LIMIT },
      },
    ],
  };
}
