/** The MCP conformance suite: every server scenario of both revisions at our own transport, authentication and handlers with the suite's fixtures added, and at the product as it is. */
import type { AddressInfo } from "node:net";
import { beforeAll, describe, expect, it } from "vitest";
import { awaiting, incident } from "../../adapters/testing/records.ts";
import { apiUnderTest, MCP_TOKEN } from "../../http/testing/api-under-test.ts";
import type { McpHttpOptions } from "../http.ts";
import { REVISIONS } from "../testing/connect.ts";
import { CANNOT_APPLY, EXTENSIONS, type Exception, NEEDS_FIXTURE } from "./exceptions.ts";
import { addFixtures } from "./fixtures.ts";
import { frontOf } from "./front.ts";
import { type Check, checksAt, type Scenario, scenarios } from "./suite.ts";

interface Found extends Check {
  readonly revision: string;
}

/** What the suite finds at the whole API, with MCP as it is or with more. */
async function found(extend?: McpHttpOptions["extend"]): Promise<readonly Found[]> {
  const api = await apiUnderTest({ mcp: { extend } });
  api.engine.list = [incident("inc-1"), awaiting("inc-2")];
  await api.app.listen({ host: "127.0.0.1", port: 0 });
  const front = await frontOf((api.app.server.address() as AddressInfo).port, MCP_TOKEN);
  try {
    const all: Found[] = [];
    for (const revision of REVISIONS) for (const check of await checksAt(front.url, revision)) all.push({ ...check, revision });
    return all;
  } finally {
    await front.close();
    await api.close();
  }
}

const isMet = ({ status }: Check): boolean => status === "SUCCESS" || status === "INFO";
const nameOf = ({ revision, scenario, id, status, errorMessage }: Found): string => `${revision} ${scenario} ${id}: ${status} ${errorMessage ?? ""}`;

function isExcepted(exceptions: readonly Exception[], check: Found): boolean {
  return exceptions.some(
    ({ scenario, revision, checks }) => scenario === check.scenario && revision === check.revision && (checks === undefined || checks.includes(check.id)),
  );
}

/** Exceptions, or checks that they name, at which nothing is wanting any more. */
function stale(exceptions: readonly Exception[], all: readonly Found[]): readonly string[] {
  const unmet = all.filter((check) => !isMet(check));
  return exceptions.flatMap(({ scenario, revision, checks }) => {
    const wanting = unmet.filter((check) => check.scenario === scenario && check.revision === revision);
    const named = checks?.filter((id) => !wanting.some((check) => check.id === id)) ?? (wanting.length === 0 ? ["all"] : []);
    return named.map((id) => `${revision} ${scenario} ${id}`);
  });
}

let offered: readonly Scenario[];
beforeAll(async () => {
  offered = await scenarios();
});

describe.each([
  ["our server with the suite's fixtures", addFixtures, CANNOT_APPLY],
  ["the product", undefined, [...CANNOT_APPLY, ...NEEDS_FIXTURE]],
] as const)("%s", (_what, extend, exceptions) => {
  let all: readonly Found[];
  beforeAll(async () => {
    all = await found(extend);
  });

  it("meets every check of every scenario but those that are named with a reason", () => {
    expect(all.filter((check) => !isMet(check) && !isExcepted(exceptions, check)).map(nameOf)).toEqual([]);
  });

  it("has no exception for what it meets", () => {
    expect(stale(exceptions, all)).toEqual([]);
  });

  it.each(REVISIONS)("was asked every scenario of %s", (revision) => {
    const wanted = offered.filter(({ revisions }) => revisions.includes(revision)).map(({ name }) => name);
    const unchecked = exceptions.filter((one) => one.revision === revision && one.checks?.length === 0).map(({ scenario }) => scenario);
    const asked = new Set([...all.filter((check) => check.revision === revision).map(({ scenario }) => scenario), ...unchecked]);
    expect([...asked].toSorted()).toEqual(wanted.toSorted());
    expect(wanted.length).toBeGreaterThan(30);
  });
});

it("the scenarios that belong to no revision are extensions that are not offered", () => {
  expect(Object.keys(EXTENSIONS).toSorted()).toEqual(
    offered
      .filter(({ revisions }) => revisions.length === 0)
      .map(({ name }) => name)
      .toSorted(),
  );
});

it("every exception has a reason", () => {
  for (const { why } of [...CANNOT_APPLY, ...NEEDS_FIXTURE]) expect(why.length).toBeGreaterThan(20);
});
