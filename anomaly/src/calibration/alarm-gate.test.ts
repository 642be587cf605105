import { describe, expect, it } from "vitest";
import { normalTail } from "../normal.ts";
import { createRandom } from "../random.ts";
import { type AlarmBudget, levelFor, rateForTick } from "./alarm-budget.ts";
import { AlarmGate } from "./alarm-gate.ts";

const MINUTE = 60_000;
const budget: AlarmBudget = { alarmsPerDay: 1, intervalMs: MINUTE };

/** What a gate says to p-values one minute apart. */
function told(gate: AlarmGate, values: readonly number[], from = 0): boolean[] {
  return values.map((p, index) => gate.push(0, p, from + index * MINUTE));
}

describe("the one knob", () => {
  it("one alarm a day from minutes is one in 1,440", () => expect(Math.abs(levelFor(budget) * 1440 - 1)).toBeLessThan(1e-3));
  it("a budget that a thousand series share leaves each a thousandth", () =>
    expect(Math.abs((levelFor({ ...budget, series: 1000 }) * 1000) / levelFor(budget) - 1)).toBeLessThan(1e-3));
  it("persistence lets single samples be looser", () => {
    expect(levelFor({ ...budget, persistence: { needed: 3, of: 5 } })).toBeGreaterThan(50 * levelFor(budget));
  });
  it("a tick's rate is the share of ticks that may have a false alarm", () => expect(rateForTick(144, MINUTE)).toBe(0.1));
  it.each<[string, Partial<AlarmBudget>]>([
    ["1 of 1", {}],
    ["2 of 3", { persistence: { needed: 2, of: 3 } }],
    ["3 of 5, and silence of half an hour", { persistence: { needed: 3, of: 5 }, refractoryMs: 30 * MINUTE }],
    ["1 of 1, and silence of two hours", { refractoryMs: 120 * MINUTE }],
  ])("independent p-values raise as many alarms as were asked for: %s", (_, more) => {
    const gate = new AlarmGate({ ...budget, alarmsPerDay: 6, pace: 0, ...more });
    const random = createRandom(21);
    let alarms = 0;
    const days = 300;
    for (let minute = 0; minute < days * 1440; minute++) if (gate.push(0, random.next(), minute * MINUTE)) alarms++;
    expect(alarms / days).toBeGreaterThan(5.5);
    expect(alarms / days).toBeLessThan(6.5);
  });
  it("p-values that are wrong, or come in clusters, raise as many alarms as were asked for once the gate has seen some", () => {
    const random = createRandom(22);
    let noise = 0;
    const wrong: Readonly<Record<string, () => number>> = {
      "ten times too small": () => random.next() / 10,
      "never below a hundredth": () => 0.001 + 0.999 * random.next(),
      "in clusters": () => {
        noise = 0.97 * noise + Math.sqrt(1 - 0.97 ** 2) * random.normal();
        return normalTail(noise);
      },
    };
    for (const [name, draw] of Object.entries(wrong)) {
      const gate = new AlarmGate({ ...budget, alarmsPerDay: 6, persistence: { needed: 2, of: 3 } });
      let alarms = 0;
      for (let minute = 0; minute < 110 * 1440; minute++) if (gate.push(0, draw(), minute * MINUTE) && minute >= 10 * 1440) alarms++;
      expect(Math.abs(alarms / 100 / 6 - 1), name).toBeLessThan(0.1);
    }
  });
  it("slots that share a correction have their rate together, though each has too few alarms of its own", () => {
    const random = createRandom(23);
    const gate = new AlarmGate({ ...budget, alarmsPerDay: 0.1, shared: true });
    let alarms = 0;
    for (let minute = 0; minute < 30 * 1440; minute++) for (let slot = 0; slot < 50; slot++) if (gate.push(slot, random.next() / 10, minute * MINUTE)) alarms++;
    expect(alarms / 30 / 50).toBeGreaterThan(0.08);
    expect(alarms / 30 / 50).toBeLessThan(0.14);
  });
  it.each<[string, Partial<AlarmBudget>, string]>([
    ["no alarm at all", { alarmsPerDay: 0 }, "alarmsPerDay is 0"],
    ["more alarms than there are samples", { alarmsPerDay: 1e6 }, "cannot be"],
    ["more than silence leaves room for", { alarmsPerDay: 30, refractoryMs: 60 * MINUTE }, "cannot be"],
    ["3 of 2", { persistence: { needed: 3, of: 2 } }, "3 of 2 samples"],
  ])("refuses %s", (_, more, message) => expect(() => levelFor({ ...budget, ...more })).toThrow(message));
});

describe("from p-values to alarms", () => {
  it("trouble that lasts is told once", () => {
    expect(told(new AlarmGate(budget), [1, 1e-9, 1e-9, 1e-9, 1, 1e-9])).toEqual([false, true, false, false, false, true]);
  });
  it("two of three samples", () => {
    const gate = new AlarmGate({ ...budget, persistence: { needed: 2, of: 3 } });
    expect(told(gate, [1e-9, 1, 1, 1e-9, 1, 1e-9, 1, 1, 1])).toEqual([false, false, false, false, false, true, false, false, false]);
  });
  it("silence after an alarm, but what begins in it and lasts is told when it is over", () => {
    const gate = new AlarmGate({ ...budget, refractoryMs: 4 * MINUTE });
    expect(told(gate, [1e-9, 1, 1e-9, 1, 1e-9, 1e-9])).toEqual([true, false, false, false, true, false]);
    expect(told(gate, [1, 1e-9, 1e-9, 1e-9, 1e-9], 6 * MINUTE)).toEqual([false, false, true, false, false]);
  });
  it("a clock that steps back ends the silence", () => {
    const gate = new AlarmGate({ ...budget, refractoryMs: 60 * MINUTE });
    expect(told(gate, [1e-9, 1], 1000 * MINUTE)).toEqual([true, false]);
    expect(told(gate, [1e-9])).toEqual([true]);
  });
  it("slots know nothing of each other, the last grows the gate, and one that is given back starts anew", () => {
    const gate = new AlarmGate({ ...budget, persistence: { needed: 2, of: 2 } });
    gate.push(3, 1e-9, 0);
    expect(gate.push(5000, 1e-9, MINUTE)).toBe(false);
    expect(gate.push(3, 1e-9, MINUTE)).toBe(true);
    gate.forget(5000);
    expect(gate.push(5000, 1e-9, 2 * MINUTE)).toBe(false);
  });
  it("goes on from a snapshot", () => {
    const make = (): AlarmGate => new AlarmGate({ ...budget, persistence: { needed: 2, of: 3 }, refractoryMs: 9 * MINUTE });
    const [whole, parted] = [make(), make()];
    const values = [1, 1e-9, 1, 1e-9, 1e-9, 1, 1, 1, 1, 1, 1e-9, 1e-9, 1e-9, 1, 1e-9, 1e-9];
    const expected = told(whole, values);
    const before = told(parted, values.slice(0, 5));
    const later = make();
    later.restore(parted.snapshot());
    expect([...before, ...told(later, values.slice(5), 5 * MINUTE)]).toEqual(expected);
  });
  it("refuses a snapshot of a gate with another budget, and stays as it was", () => {
    const bytes = new AlarmGate(budget).snapshot();
    for (const other of [
      { alarmsPerDay: 5 },
      { refractoryMs: MINUTE },
      { pace: 0.2 },
      { shared: true },
      { persistence: { needed: 2, of: 3 } },
      { persistence: { needed: 1, of: 2 } },
    ]) {
      const gate = new AlarmGate({ ...budget, ...other });
      const before = gate.snapshot();
      expect(() => gate.restore(bytes)).toThrow("a gate with another budget");
      expect(gate.snapshot()).toEqual(before);
    }
  });
  it("refuses a pace that is none", () => expect(() => new AlarmGate({ ...budget, pace: -1 })).toThrow("the pace is -1"));
  it("refuses a slot that is none", () => expect(() => new AlarmGate(budget).push(-1, 1, 0)).toThrow("the slot is -1"));
});
