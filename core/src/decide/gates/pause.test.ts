import { expect, test } from "vitest";
import { decideInput } from "../../testing/decide-input.ts";
import { pause } from "./pause.ts";

test.each([
  ["a person's pause", { api: true, configMap: "absent" }, "block"],
  ["the ConfigMap, even when our own API is down", { api: false, configMap: "paused" }, "block"],
  ["not knowing whether the ConfigMap is there", { api: false, configMap: "unknown" }, "unknown"],
  ["neither", { api: false, configMap: "absent" }, "pass"],
] as const)("%s", (_, paused, answer) => {
  expect(pause.check(decideInput({ paused })).answer).toBe(answer);
});
