import { type Permission, PolicySpec } from "@kintsugi/core";
import { expect, it } from "vitest";
import { type AccessFlags, accessChoice, accessWarnings } from "./access-options.ts";
import { CliError } from "./exit.ts";

const OIDC = { auth: "oidc", oidcIssuer: "https://login.example.org/realms/ops", oidcAudience: "kintsugi" };

it("is the generated token outside a cluster, and tokens of the cluster too inside one", () => {
  expect(accessChoice({}, false)).toEqual({ methods: ["token"] });
  expect(accessChoice({}, true)).toEqual({ methods: ["token", "kubernetes"] });
  expect(accessChoice({ auth: "kubernetes" }, true)).toEqual({ methods: ["kubernetes"] });
  expect(accessChoice({ auth: "kubernetes, token,token" }, false)).toEqual({ methods: ["token", "kubernetes"] });
});

it("names people of an issuer as the API server would, unless told otherwise", () => {
  expect(accessChoice(OIDC, false).oidc).toEqual({
    ...{ issuer: OIDC.oidcIssuer, audience: "kintsugi", usernameClaim: "sub", groupsPrefix: "", algorithms: ["RS256"] },
  });
  const flags = { oidcMcpAudience: "kintsugi-mcp", oidcUsernameClaim: "email", oidcUsernamePrefix: "-", oidcGroupsClaim: "roles", oidcGroupsPrefix: "oidc:" };
  expect(accessChoice({ ...OIDC, ...flags, oidcSigningAlgs: "ES256, RS256" }, false).oidc).toMatchObject({
    ...{ mcpAudience: "kintsugi-mcp", usernameClaim: "email", usernamePrefix: "", groupsClaim: "roles", groupsPrefix: "oidc:" },
    algorithms: ["ES256", "RS256"],
  });
});

it.each<[string, AccessFlags, string]>([
  ["an unknown way in", { auth: "token,ldap" }, "no way in called ldap: write one or more of token, kubernetes, oidc"],
  ["no way in", { auth: "" }, "a name is missing"],
  ["a name that is missing", { auth: "token," }, "a name is missing"],
  [
    "an issuer that nobody asked for",
    { oidcIssuer: "https://x.example" },
    "--oidc-issuer is given, and --auth does not name oidc: write for example --auth token,oidc",
  ],
  ["a certificate that nobody asked for", { auth: "kubernetes", oidcCaFile: "ca.pem" }, "--oidc-ca-file is given"],
  ["no issuer", { auth: "oidc", oidcAudience: "kintsugi" }, "needs --oidc-issuer"],
  ["no audience", { auth: "oidc", oidcIssuer: "https://x.example" }, "needs --oidc-audience"],
  ["an issuer in the clear", { ...OIDC, oidcIssuer: "http://login.example.org" }, "is no https address"],
  ["an issuer that is no address", { ...OIDC, oidcIssuer: "login" }, "is no https address"],
  ["one audience for people and assistants", { ...OIDC, oidcMcpAudience: "kintsugi" }, "are the same"],
  ["no signature", { ...OIDC, oidcSigningAlgs: "none" }, "none is none of RS256"],
  ["a shared secret", { ...OIDC, oidcSigningAlgs: "RS256,HS256" }, "HS256 is none of"],
  ["a certificate that is not there", { ...OIDC, oidcCaFile: "/nonexistent/ca.pem" }, "there is no such file"],
])("refuses %s, and says what would be right", (_, flags, message) => {
  expect(() => accessChoice(flags, false)).toThrow(CliError);
  expect(() => accessChoice(flags, false)).toThrow(message);
});

it("warns of rights of its own that are missing, and of nothing that it cannot tell", async () => {
  const warnings = (auth: string, answer: (permission: Permission) => "allowed" | "denied" | "unknown", fourEyes = false) =>
    accessWarnings({ review: async (permission) => answer(permission) }, accessChoice({ auth }, false), PolicySpec.parse({ fourEyes }));
  expect(await warnings("kubernetes", () => "allowed", true)).toEqual([]);
  expect(await warnings("kubernetes", () => "unknown")).toEqual([]);
  expect(await warnings("kubernetes", ({ resource }) => (resource === "tokenreviews" ? "denied" : "allowed"))).toEqual([
    expect.stringContaining("tokenreviews.authentication.k8s.io"),
  ]);
  expect(await warnings("kubernetes", () => "denied")).toHaveLength(2);
  expect(await warnings("token", () => "denied")).toEqual([]);
});

it("warns where policy wants two people and nobody can be proven to be one", async () => {
  const spec = PolicySpec.parse({ fourEyes: true });
  const review = async () => "allowed" as const;
  expect(await accessWarnings({ review }, accessChoice({}, false), spec)).toEqual([expect.stringContaining("no plan can be approved")]);
});
