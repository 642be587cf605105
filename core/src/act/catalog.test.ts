import { existsSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { ACTIONS, actionOf } from "./catalog.ts";

const folder = new URL("./actions/", import.meta.url);
const files = readdirSync(folder).filter((file) => !file.endsWith(".test.ts"));

test("the list and the folder are the same, and every action has a test beside it", () => {
  expect(ACTIONS.map((action) => `${action.id}.ts`).sort()).toEqual(files.sort());
  for (const { id } of ACTIONS) expect(existsSync(new URL(`${id}.test.ts`, folder))).toBe(true);
});

test("an action is found by its id", () => {
  expect(actionOf("uncordon")?.title).toBe("Uncordon a node");
  expect(actionOf("reboot")).toBeUndefined();
});

test("permissions are declared for any object, and name no secret", () => {
  for (const permission of ACTIONS.flatMap((action) => action.permissions)) {
    expect([permission.namespace, permission.name]).toEqual(["", ""]);
    expect(permission.resource).not.toBe("secrets");
  }
});
