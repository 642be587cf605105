/** One knob: three series of different nature, the same alarms a day. */
import { AlarmGate, createRandom, StreamBank } from "../../src/index.ts";
import type { Panel, Scene } from "../chart.ts";

const MINUTE = 60_000;
const LEARN = 3 * 1440;
const SHOWN = 2 * 1440;
const ASKED = 3;

export function alarmBudgetScene(): Scene {
  const random = createRandom(10);
  let walk = 0;
  const kinds: Readonly<Record<string, () => number>> = {
    "normal noise": () => random.normal(),
    "heavy tails: Student's t with 3 degrees": () => random.normal() / Math.sqrt((random.normal() ** 2 + random.normal() ** 2 + random.normal() ** 2) / 3),
    "a slow walk: AR(1), 0.99": () => {
      walk = 0.99 * walk + random.normal();
      return walk;
    },
  };
  return {
    name: "alarm-budget",
    title: `Nothing is wrong anywhere; ${ASKED} false alarms a day were asked for, two days are shown`,
    sample: "1 min",
    panels: Object.entries(kinds).map(([title, draw]) => panelOf(title, draw)),
  };
}

function panelOf(kind: string, draw: () => number): Panel {
  const bank = new StreamBank();
  const slot = bank.open();
  const gate = new AlarmGate({ alarmsPerDay: ASKED, intervalMs: MINUTE });
  const samples = Float64Array.from({ length: LEARN + SHOWN }, draw);
  const alarms: number[] = [];
  let beyond = 0;
  samples.forEach((sample, index) => {
    const p = bank.push(slot, sample, index * MINUTE);
    const alarm = gate.push(slot, p, index * MINUTE);
    if (index < LEARN) return;
    if (alarm) alarms.push(index - LEARN);
    if ((bank.scores[0] as number) > 3 && index >= LEARN) beyond++;
  });
  const title = `${kind}: ${alarms.length} alarms; beyond three spreads of its median: ${beyond} samples`;
  return { title, lines: [{ label: "samples", values: samples.subarray(LEARN) }], alarms };
}
