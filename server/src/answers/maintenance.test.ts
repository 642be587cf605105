import { expect, it } from "vitest";
import { maintenanceWindows } from "./maintenance.ts";

const at = (hour: number) => `2026-01-05T${String(hour).padStart(2, "0")}:00:00+01:00`;
const NOW = Date.parse(at(10));

it("says which windows are on, to come and over, in that order, across time zones", () => {
  const maintenance = [
    { name: "over", start: at(1), end: at(2) },
    { name: "just over", start: at(8), end: at(10) },
    { name: "later", start: at(14), end: at(15) },
    { name: "soon", start: at(11), end: at(12), namespaces: ["shop-*"] },
    { name: "now", start: at(10), end: at(11) },
  ];
  expect(maintenanceWindows({ maintenance }, NOW).map(({ name, state }) => `${name}: ${state}`)).toEqual([
    "now: active",
    "soon: upcoming",
    "later: upcoming",
    "just over: past",
    "over: past",
  ]);
  expect(maintenanceWindows({ maintenance }, NOW)[1]).toMatchObject({ namespaces: ["shop-*"], start: Date.parse(at(11)) });
});
