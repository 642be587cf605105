import { expect, test } from "vitest";
import { embeddedAccess } from "./embedded.ts";

const access = embeddedAccess({ api: "a".repeat(43), mcp: "m".repeat(43) });

test("each token stands for what it was made for, and no other for anything", async () => {
  expect(await access.authenticate("a".repeat(43))).toMatchObject({ audience: "api", identity: "claimed" });
  expect(await access.authenticate("m".repeat(43))).toMatchObject({ audience: "mcp", identity: "claimed" });
  for (const other of ["", "a", "a".repeat(42), "x".repeat(43)]) expect(await access.authenticate(other), other).toBeUndefined();
});
