import type { FastifyRequest } from "fastify";
import { expect, test } from "vitest";
import { ALIASES, renameAliases } from "./aliases.ts";

async function renamed(body: unknown, query: unknown = {}, method = "POST") {
  const request = { method, body, query } as unknown as FastifyRequest;
  await renameAliases(request);
  return { body: request.body, query: request.query };
}

test("12.2 line 20: every camelCase name of the older client becomes the contract's, in body and query, and nothing is dropped", async () => {
  for (const [alias, name] of Object.entries(ALIASES)) {
    expect(await renamed({ [alias]: "x", title: "y" }, { [alias]: "z" })).toEqual({ body: { [name]: "x", title: "y" }, query: { [name]: "z" } });
    expect(name).toBe(alias.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
  }
  for (const told of ["timeRange", "modelName", "labelSelector", "affectedResources"]) expect(Object.keys(ALIASES)).toContain(told);
});

test("one thing under two names has to be said once, or the same twice", async () => {
  expect((await renamed({ dryRun: true, dry_run: true })).body).toEqual({ dry_run: true });
  await expect(renamed({ dryRun: true, dry_run: false })).rejects.toThrow("dryRun and dry_run are two names of one thing");
});

test("names deeper inside, of prototypes and of other things stay as they are", async () => {
  const body = { labels: { timeRange: "mine" }, constructor: 1, other: 2 };
  expect((await renamed(body)).body).toEqual({ labels: { timeRange: "mine" }, constructor: 1, other: 2 });
  expect((await renamed([1])).body).toEqual([1]);
});

test("a write without a body is one with an empty one; a read has none", async () => {
  expect((await renamed(undefined)).body).toEqual({});
  expect((await renamed(null, {}, "PATCH")).body).toEqual({});
  expect((await renamed(undefined, {}, "GET")).body).toBeUndefined();
});
