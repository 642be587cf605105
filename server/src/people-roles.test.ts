import { describe, expect, test } from "vitest";
import { API_RESOURCES, type ApiResource, isBeyondAssistants, isReading, type Right } from "./access/right.ts";
import { holds, peopleRoles, type RoleName } from "./people-roles.ts";

const ALL = (Object.keys(API_RESOURCES) as ApiResource[]).flatMap((resource) =>
  API_RESOURCES[resource].map((verb) => ({ resource, verb, namespace: "shop" }) as Right),
);

/** What the manifest of a role allows, by the rules of RBAC. */
function allowed(role: RoleName): readonly string[] {
  const manifest = peopleRoles().find(({ metadata }) => metadata.name === `kintsugi-${role}`);
  return ALL.filter(({ resource, verb }) =>
    manifest?.rules.some(({ apiGroups, resources, verbs }) => apiGroups.includes("kintsugi.dev") && resources.includes(resource) && verbs.includes(verb)),
  ).map(({ resource, verb }) => `${verb} ${resource}`);
}

const writesOf = (role: RoleName) => allowed(role).filter((right) => !/^(get|list) /.test(right));

describe("the roles of people", () => {
  test("everybody sees everything, and a viewer nothing but sees", () => {
    const reads = ALL.filter(isReading).map(({ resource, verb }) => `${verb} ${resource}`);
    for (const role of ["viewer", "responder", "approver", "admin", "assistant"] as const) expect(allowed(role), role).toEqual(expect.arrayContaining(reads));
    expect(writesOf("viewer")).toEqual([]);
  });

  test("a responder works on incidents and lets nothing happen", () => {
    expect(writesOf("responder")).toEqual([
      "update incidents",
      "create tickets",
      "update tickets",
      "create remediations",
      "deny remediations",
      "undo remediations",
      "create silences",
      "create pauses",
      "create models",
    ]);
  });

  test("an approver can let things happen, and cannot change what is allowed", () => {
    const more = writesOf("approver").filter((right) => !writesOf("responder").includes(right));
    expect(more).toEqual(["approve remediations", "delete silences", "delete pauses"]);
  });

  test("an admin may do all there is", () => {
    expect(allowed("admin")).toHaveLength(ALL.length);
  });

  test("an assistant's owner needs no right that no assistant may use", () => {
    expect(ALL.filter((right) => isBeyondAssistants(right) && holds("assistant", right))).toEqual([]);
    expect(writesOf("assistant")).toEqual([
      "create tickets",
      "update tickets",
      "create remediations",
      "deny remediations",
      "undo remediations",
      "create pauses",
      "create models",
    ]);
  });
});
