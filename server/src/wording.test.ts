import { expect, it } from "vitest";
import { z } from "zod";
import { inWords } from "./wording.ts";

const Severity = z.enum(["low", "high"]);
const Shape = z.strictObject({
  name: z.string().min(2).max(3).optional(),
  count: z.coerce.number().int().min(1).max(500).optional(),
  replicas: z.int().optional(),
  on: z.boolean().optional(),
  severity: z.union([Severity, z.array(Severity)]).optional(),
  scope: z.literal("cluster").optional(),
  list: z.array(z.string()).min(1).optional(),
  day: z.iso.date().optional(),
  mount: z.string().startsWith("/").optional(),
  code: z.string().regex(/^a+$/, "is not a row of a").optional(),
});

function saidOf(value: unknown, schema: z.ZodType = Shape): string {
  const { error } = schema.safeParse(value, { error: inWords });
  return (error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
}

it.each([
  [{ name: 4 }, "name: is not a text"],
  [{ name: "a" }, "name: must have at least 2 characters"],
  [{ name: "abcd" }, "name: must have at most 3 characters"],
  [{ count: 0 }, "count: must be at least 1"],
  [{ count: "900" }, "count: must be at most 500"],
  [{ count: "many" }, "count: is missing, or not a number"],
  [{ replicas: 1.5 }, "replicas: is not a whole number"],
  [{ on: "no" }, "on: is not true or false"],
  [{ severity: "urgent" }, "severity: is not known here: write one of low, high"],
  [{ severity: ["urgent"] }, "severity: is not known here: write one of low, high"],
  [{ scope: "all" }, "scope: is not known here: write cluster"],
  [{ list: [] }, "list: must have at least 1 item"],
  [{ day: "today" }, "day: is not a date: write for example 2026-05-01"],
  [{ mount: "var" }, "mount: must begin with /"],
  [{ code: "b" }, "code: is not a row of a"],
  [{ lable: "x" }, ": there is no field lable here; write one of name, count, replicas, on, severity, scope, list, day, mount, code"],
])("of %j it says: %s", (value, said) => {
  expect(saidOf(value)).toBe(said);
});

it("says of what is missing what to write", () => {
  const schema = z.object({ why: z.string(), severity: Severity, count: z.coerce.number() });
  expect(saidOf({}, schema)).toBe("why: is missing: write a text; severity: is missing: write one of low, high; count: is missing, or not a number");
});
