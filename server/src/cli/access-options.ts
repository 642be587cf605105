/** How the API of `serve` is entered: the options, and what they mean together. */
import type { ClusterPort, PolicySpec } from "@kintsugi/core";
import type { Command } from "commander";
import { type AccessChoice, METHODS, type Method } from "../access/entrance.ts";
import { isSafe, type OidcOptions } from "../access/oidc.ts";
import { CliError, EXIT } from "./exit.ts";
import { readInput } from "./input-file.ts";

export interface AccessFlags {
  readonly auth?: string;
  readonly oidcIssuer?: string;
  readonly oidcAudience?: string;
  readonly oidcMcpAudience?: string;
  readonly oidcUsernameClaim?: string;
  readonly oidcUsernamePrefix?: string;
  readonly oidcGroupsClaim?: string;
  readonly oidcGroupsPrefix?: string;
  readonly oidcSigningAlgs?: string;
  readonly oidcCaFile?: string;
}

export function accessOptions(command: Command): Command {
  return command
    .option("--auth <methods>", "who may enter the API, with commas: token, kubernetes, oidc; default: token, inside a cluster token,kubernetes")
    .option("--oidc-issuer <url>", "the OpenID Connect issuer, as its tokens name it")
    .option("--oidc-audience <name>", "what its tokens for this API are made for (the client's id)")
    .option("--oidc-mcp-audience <name>", "what its credentials for assistants are made for; default: it makes none")
    .option("--oidc-username-claim <name>", "the claim that names a person (default: sub)")
    .option("--oidc-username-prefix <text>", "what is put before that name, - for nothing; default: the issuer and #, before an email nothing")
    .option("--oidc-groups-claim <name>", "the claim that names a person's groups; default: none")
    .option("--oidc-groups-prefix <text>", "what is put before each group (default: nothing)")
    .option("--oidc-signing-algs <names>", "with commas (default: RS256)")
    .option("--oidc-ca-file <file>", "who signs the issuer's certificate, PEM");
}

/** Asymmetric ones alone: with a shared secret whoever can check a token can make one. */
const ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"];

/** Throws CliError. */
export function accessChoice(flags: AccessFlags, inCluster: boolean): AccessChoice {
  const methods = flags.auth === undefined ? (inCluster ? (["token", "kubernetes"] as const) : (["token"] as const)) : methodsOf(flags.auth);
  const given = Object.entries(flags).find(([name, value]) => name.startsWith("oidc") && value !== undefined)?.[0];
  if (!methods.includes("oidc")) {
    if (given !== undefined)
      throw usage(`${optionOf(given)} is given, and --auth does not name oidc: write for example --auth ${[...methods, "oidc"].join(",")}`);
    return { methods };
  }
  return { methods, oidc: oidcOf(flags) };
}

function methodsOf(text: string): readonly Method[] {
  const names = [...new Set(text.split(",").map((name) => name.trim()))];
  const unknown = names.find((name) => !METHODS.some((method) => method === name));
  if (unknown !== undefined)
    throw usage(
      `--auth ${text}: ${unknown === "" ? "a name is missing" : `there is no way in called ${unknown}`}: write one or more of ${METHODS.join(", ")}, with commas`,
    );
  return METHODS.filter((method) => names.includes(method));
}

function oidcOf(flags: AccessFlags): OidcOptions {
  const { oidcIssuer: issuer, oidcAudience: audience, oidcMcpAudience: mcpAudience, oidcUsernamePrefix: usernamePrefix, oidcGroupsClaim: groupsClaim } = flags;
  if (issuer === undefined) throw usage("--auth oidc needs --oidc-issuer URL, as the tokens name it under iss");
  if (audience === undefined) throw usage("--auth oidc needs --oidc-audience NAME: a token that was made for somebody else must not open this API");
  if (!isSafe(issuer)) throw usage(`--oidc-issuer ${issuer} is no https address: write for example https://login.example.org/realms/ops`);
  if (mcpAudience === audience)
    throw usage("--oidc-mcp-audience and --oidc-audience are the same: a credential for assistants must be one that is no person's");
  return {
    ...{ issuer, audience, usernameClaim: flags.oidcUsernameClaim ?? "sub", groupsPrefix: flags.oidcGroupsPrefix ?? "" },
    algorithms: algorithmsOf(flags.oidcSigningAlgs ?? "RS256"),
    ...(mcpAudience === undefined ? {} : { mcpAudience }),
    ...(usernamePrefix === undefined ? {} : { usernamePrefix: usernamePrefix === "-" ? "" : usernamePrefix }),
    ...(groupsClaim === undefined ? {} : { groupsClaim }),
    ...(flags.oidcCaFile === undefined ? {} : { ca: readInput("the issuer's certificate authority", flags.oidcCaFile) }),
  };
}

function algorithmsOf(text: string): readonly string[] {
  const names = text.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !ALGORITHMS.includes(name));
  if (unknown !== undefined) throw usage(`--oidc-signing-algs ${text}: ${unknown || "(nothing)"} is none of ${ALGORITHMS.join(", ")}`);
  return names;
}

/** What will not work as it seems: rights of our own that are missing, a policy that nobody could meet. */
export async function accessWarnings({ review }: Pick<ClusterPort, "review">, { methods }: AccessChoice, { fourEyes }: PolicySpec): Promise<readonly string[]> {
  if (!methods.some((method) => method !== "token"))
    return fourEyes ? ["policy wants two people behind a plan (fourEyes), and with --auth token nobody can be proven to be one: no plan can be approved"] : [];
  const own = (group: string, resource: string) => review({ group, resource, subresource: "", verb: "create", namespace: "", name: "" });
  const lacking = [
    ...(methods.includes("kubernetes") && (await own("authentication.k8s.io", "tokenreviews")) === "denied" ? ["tokenreviews.authentication.k8s.io"] : []),
    ...((await own("authorization.k8s.io", "subjectaccessreviews")) === "denied" ? ["subjectaccessreviews.authorization.k8s.io"] : []),
  ];
  return lacking.map(
    (resource) => `it may not create ${resource}, so nobody who comes with a token of their own gets in: \`kintsugi rbac\` prints the rights that it needs`,
  );
}

/** `oidcCaFile` as it is written. */
function optionOf(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function usage(message: string): CliError {
  return new CliError(EXIT.usage, message);
}
