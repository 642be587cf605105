import { expect, test } from "vitest";
import { counted } from "./counted.ts";

test("one pod fails, none or several fail", () => {
  expect([0, 1, 2].map((number) => counted(number, "pod fails", "pods fail"))).toEqual(["0 pods fail", "1 pod fails", "2 pods fail"]);
});
