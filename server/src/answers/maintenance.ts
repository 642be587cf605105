/** Maintenance windows of the policy: those now, those to come, those that are over. */
import type { PolicySpec } from "@kintsugi/core";
import { z } from "zod";
import { time } from "./shapes.ts";

export const MaintenanceWindow = z
  .object({
    name: z.string(),
    namespaces: z.array(z.string()).optional().describe("names or patterns with `*`; absent: the whole cluster"),
    start: time,
    end: time,
    state: z.enum(["active", "upcoming", "past"]),
  })
  .meta({ id: "MaintenanceWindow" });
export type MaintenanceWindow = z.infer<typeof MaintenanceWindow>;

const ORDER = { active: 0, upcoming: 1, past: 2 } as const;

/** What is on now first, then what comes next, then what ended last. `now` in ms; the end itself is outside of a window. */
export function maintenanceWindows({ maintenance }: Pick<PolicySpec, "maintenance">, now: number): MaintenanceWindow[] {
  const windows = maintenance.map(({ name, namespaces, start, end }): MaintenanceWindow => {
    const [from, until] = [Date.parse(start), Date.parse(end)];
    const state = now >= until ? "past" : now < from ? "upcoming" : "active";
    return { name, ...(namespaces === undefined ? {} : { namespaces: [...namespaces] }), start: from, end: until, state };
  });
  return windows.sort((a, b) => ORDER[a.state] - ORDER[b.state] || (a.state === "past" ? b.end - a.end : a.start - b.start) || (a.name < b.name ? -1 : 1));
}
