import { ACTIONS, KINDS, permissionText } from "@kintsugi/core";
import { viewOf } from "@kintsugi/core/testing/array-view";
import { expect, it } from "vitest";
import { neededPermissions } from "./needed-permissions.ts";

const texts = (...given: Parameters<typeof neededPermissions>) => neededPermissions(...given).map(({ permission }) => permissionText(permission));

it("who only looks has to list and watch every kind, everywhere, and to read logs: without the first nothing works", () => {
  const needed = neededPermissions(viewOf([]), false);
  expect(needed).toHaveLength(KINDS.length * 2 + 1);
  expect(needed.every(({ permission }) => permission.namespace === "" && permission.name === "")).toBe(true);
  expect(needed.filter(({ critical }) => !critical).map(({ permission }) => permissionText(permission))).toEqual(["get pods/log"]);
});

it("kinds that the API server does not serve need no permission; those that it forbids do", () => {
  const seen = viewOf([], { health: { Application: "not-served", Node: "forbidden" } });
  expect(texts(seen, false).filter((text) => text.includes("argoproj.io"))).toEqual([]);
  expect(texts(viewOf([]), false)).toContain("list applications.argoproj.io");
  expect(texts(seen, false)).toContain("watch nodes");
});

it("who may act needs what each action declares as well, each named once, and sees on without it", () => {
  const acting = neededPermissions(viewOf([]), true);
  const added = acting.filter(({ permission }) => !texts(viewOf([]), false).includes(permissionText(permission)));
  expect(added.map(({ permission }) => permissionText(permission))).toContain("create pods/eviction");
  expect(added.some(({ critical }) => critical)).toBe(false);
  const declared = ACTIONS.flatMap(({ permissions }) => permissions);
  for (const { group, resource, subresource, verb } of declared)
    expect(acting.map(({ permission }) => permission)).toContainEqual({ group, resource, subresource, verb, namespace: "", name: "" });
  expect(new Set(texts(viewOf([]), true)).size).toBe(acting.length);
});
