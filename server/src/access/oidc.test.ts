/** Tokens of an OpenID Connect issuer: a real one on loopback, and forgeries of its tokens. */
import { decodeJwt, exportSPKI, generateKeyPair, importJWK, type JWK, SignJWT, UnsecuredJWT } from "jose";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AccessUnavailable } from "./access.ts";
import { type OidcIdentity, type OidcOptions, oidcIdentity } from "./oidc.ts";
import { OidcIssuer } from "./testing/oidc-issuer.ts";

let issuer: OidcIssuer;
const opened: OidcIdentity[] = [];
let monotonic: number;
let laterMs: number;

beforeEach(async () => {
  issuer = await OidcIssuer.start();
  monotonic = 0;
  laterMs = 0;
});
afterEach(async () => {
  for (const identity of opened.splice(0)) await identity.close();
  await issuer.close();
});

function identity(over: Partial<OidcOptions> = {}): OidcIdentity {
  const options = {
    issuer: issuer.url,
    audience: "kintsugi",
    mcpAudience: "kintsugi-mcp",
    usernameClaim: "sub",
    groupsPrefix: "",
    algorithms: ["RS256"],
    ...over,
  };
  const made = oidcIdentity(options, { monotonic: () => monotonic, now: () => Date.now() + laterMs });
  opened.push(made);
  return made;
}

async function refusal(asked: Promise<unknown>): Promise<string> {
  const error = await asked.then(
    (caller) => expect.fail(`it was answered: ${JSON.stringify(caller)}`),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AccessUnavailable);
  return String(error);
}

describe("a token of the issuer", () => {
  test("names a person by its subject, with the issuer before it", async () => {
    expect(await identity().authenticate(await issuer.token("kintsugi"))).toEqual({
      ...{ name: `${issuer.url}#ada`, groups: ["system:authenticated"] },
      ...{ identity: "proven", audience: "api" },
    });
  });

  test("made for assistants is an assistant's; where the issuer makes none, it is nobody's", async () => {
    const token = await issuer.token("kintsugi-mcp");
    expect(await identity().authenticate(token)).toMatchObject({ audience: "mcp" });
    const without = oidcIdentity(
      { issuer: issuer.url, audience: "kintsugi", usernameClaim: "sub", groupsPrefix: "", algorithms: ["RS256"] },
      { monotonic: () => 0, now: () => Date.now() },
    );
    opened.push(without);
    expect(await without.authenticate(token)).toBeUndefined();
  });

  test("names by other claims, with other prefixes, as the API server would", async () => {
    issuer.claims = { email: "ada@example.org", email_verified: true, roles: ["ops", "", 7, "system:masters"] };
    const token = await issuer.token("kintsugi");
    const by = async (over: Partial<OidcOptions>) => {
      const caller = await identity(over).authenticate(token);
      return caller && { name: caller.name, groups: caller.groups };
    };
    expect(await by({ usernameClaim: "email", groupsClaim: "roles", groupsPrefix: "oidc:" })).toEqual({
      name: "ada@example.org",
      groups: ["oidc:ops", "oidc:system:masters", "system:authenticated"],
    });
    expect(await by({ usernamePrefix: "oidc:", groupsClaim: "roles" })).toEqual({ name: "oidc:ada", groups: ["ops", "system:authenticated"] });
    expect(await by({ usernamePrefix: "", groupsClaim: "email" })).toEqual({ name: "ada", groups: ["ada@example.org", "system:authenticated"] });
    expect(await by({ usernameClaim: "nickname" })).toBeUndefined();
    expect(await by({ usernameClaim: "roles" })).toBeUndefined();
  });

  test("is nobody's with an address that was not verified, or a name that is the cluster's own", async () => {
    issuer.claims = { email: "ada@example.org", email_verified: false, name: "system:admin" };
    const token = await issuer.token("kintsugi");
    expect(await identity({ usernameClaim: "email" }).authenticate(token)).toBeUndefined();
    expect(await identity({ usernameClaim: "name", usernamePrefix: "" }).authenticate(token)).toBeUndefined();
  });

  test("ends when it says", async () => {
    const token = await issuer.token("kintsugi");
    const asked = identity();
    laterMs = 599_000;
    expect(await asked.authenticate(token)).toBeDefined();
    laterMs = 601_000;
    expect(await asked.authenticate(token)).toBeUndefined();
  });

  test("made for somebody else is nobody's here", async () => {
    expect(await identity().authenticate(await issuer.token("grafana"))).toBeUndefined();
  });

  test("of another issuer is nobody's, and not even claimed", async () => {
    const other = await OidcIssuer.start();
    const token = await other.token("kintsugi");
    await other.close();
    expect(identity().claims?.(token)).toBe(false);
    expect(identity().claims?.("not-a-jwt")).toBe(false);
    expect(identity().claims?.(await issuer.token("kintsugi"))).toBe(true);
    expect(await identity().authenticate(token)).toBeUndefined();
  });
});

describe("a forged token", () => {
  const claims = async () => decodeJwt(await issuer.token("kintsugi"));

  test("without a signature opens nothing", async () => {
    expect(await identity().authenticate(new UnsecuredJWT(await claims()).encode())).toBeUndefined();
  });

  test("signed by a key of the forger's, under the name of the issuer's, opens nothing", async () => {
    const { privateKey } = await generateKeyPair("RS256");
    const [kid] = (await publishedKeys()).map((key) => key.kid);
    const token = await new SignJWT(await claims()).setProtectedHeader({ alg: "RS256", ...(kid === undefined ? {} : { kid }) }).sign(privateKey);
    expect(await identity().authenticate(token)).toBeUndefined();
  });

  test("signed with the issuer's public key as if it were a shared secret opens nothing", async () => {
    const [key] = await publishedKeys();
    const pem = await exportSPKI(await publicKey(key));
    const token = await new SignJWT(await claims()).setProtectedHeader({ alg: "HS256" }).sign(new TextEncoder().encode(pem));
    expect(await identity().authenticate(token)).toBeUndefined();
  });

  test("that the issuer's own key signed, but that is for another time, another place or without an end, opens nothing", async () => {
    const right = await claims();
    const now = Math.floor(Date.now() / 1_000);
    const { exp: _, ...endless } = right;
    expect(await identity().authenticate(await issuer.sign(right))).toBeDefined();
    for (const wrong of [{ ...right, iss: "https://evil.example" }, { ...right, nbf: now + 600 }, { ...right, aud: [] }, endless])
      expect(await identity().authenticate(await issuer.sign(wrong)), JSON.stringify(wrong)).toBeUndefined();
  });

  test("that is no token at all opens nothing", async () => {
    for (const text of ["x", "a.b.c", "ey..", "e30.e30.e30"]) expect(await identity().authenticate(text), text).toBeUndefined();
  });

  async function publicKey(key: JWK | undefined) {
    const imported = await importJWK({ ...key, alg: "RS256" });
    if (imported instanceof Uint8Array) throw new Error("the issuer should publish an RSA key");
    return imported;
  }

  async function publishedKeys(): Promise<readonly JWK[]> {
    return ((await (await fetch(`${issuer.url}/jwks`)).json()) as { readonly keys: readonly JWK[] }).keys;
  }
});

describe("the issuer's keys", () => {
  test("are read once, not for every token", async () => {
    const asked = identity();
    for (const token of [await issuer.token("kintsugi"), await issuer.token("kintsugi")]) await asked.authenticate(token);
    expect(issuer.asked.filter((path) => path !== "/token")).toEqual(["/.well-known/openid-configuration", "/jwks"]);
  });

  test("may change: a token that names a new one is believed once the new one is read, and the old ones no more", async () => {
    const old = await issuer.token("kintsugi");
    const asked = identity({ newKeysMs: 0 });
    expect(await asked.authenticate(old)).toBeDefined();
    await issuer.rotateKeys();
    expect(await asked.authenticate(await issuer.token("kintsugi"))).toBeDefined();
    expect(await asked.authenticate(old)).toBeUndefined();
  });

  test("that nobody publishes are not looked for over and over", async () => {
    const asked = identity();
    await asked.authenticate(await issuer.token("kintsugi"));
    const { privateKey } = await generateKeyPair("RS256");
    const before = issuer.asked.length;
    for (let i = 0; i < 20; i++) {
      const forged = await new SignJWT(decodeJwt(await issuer.token("kintsugi"))).setProtectedHeader({ alg: "RS256", kid: `k${i}` }).sign(privateKey);
      expect(await asked.authenticate(forged)).toBeUndefined();
    }
    expect(issuer.asked.slice(before).filter((path) => path !== "/token")).toEqual([]);
  });

  test("are remembered while the issuer is away; without them nobody is known, and that is said", async () => {
    const token = await issuer.token("kintsugi");
    const early = identity();
    await early.authenticate(token);
    await issuer.close();
    expect(await early.authenticate(token)).toBeDefined();
    monotonic += 2 * 3_600_000;
    expect(await early.authenticate(token)).toBeDefined();
    const late = identity();
    expect(await refusal(late.authenticate(token))).toContain(issuer.url);
    await issuer.listen();
    expect(await late.authenticate(token)).toBeDefined();
  });

  test("of an issuer that calls itself something else are not believed", async () => {
    const wrong = identity({ issuer: `${issuer.url}/` });
    expect(await refusal(wrong.authenticate(await issuer.token("kintsugi")))).toContain("to the letter");
  });
});
