import { expect, it } from "vitest";
import { act, incident, openIncident, resolvedIncident, silenced, T0 } from "../adapters/testing/records.ts";
import { changesBy } from "./changes.ts";

function told(body: Parameters<typeof changesBy>[0]["body"]): readonly string[] {
  return changesBy({ body }).map((event) => ("uri" in event ? event.uri : event.kind));
}

it("tells of an incident where it is, and in the list when it comes or ends", () => {
  const around = ["cluster://incidents", "cluster://health"];
  expect(told(openIncident("inc-1"))).toEqual(["incident://inc-1", ...around, "resources_list_changed"]);
  expect(told({ type: "incident", incident: incident("inc-1"), from: "open" })).toEqual(["incident://inc-1", ...around]);
  expect(told(resolvedIncident("inc-1", T0))).toEqual(["incident://inc-1", ...around, "cluster://remediation-history", "resources_list_changed"]);
  expect(told({ type: "incident", incident: incident("inc-1"), from: "resolved" })).toContain("resources_list_changed");
});

it("tells of what is done, and of nothing else", () => {
  expect(told(act("inc-1"))).toEqual(["cluster://remediation-history", "incident://inc-1"]);
  expect(told(silenced("sil-1", T0))).toEqual([]);
});
