import { expect, it } from "vitest";
import { challenge, protectedResource } from "./metadata.ts";

const OIDC = { issuers: ["https://login.example.org"], scopes: ["openid"], publicUrl: "https://kintsugi.example.org" };
const EMBEDDED = { issuers: [], scopes: [] };

it("leads to the issuer, under the address that clients know", () => {
  expect(protectedResource("http://10.0.0.7:8080", OIDC)).toEqual({
    ...{ resource: "https://kintsugi.example.org/mcp", authorization_servers: ["https://login.example.org"], scopes_supported: ["openid"] },
    ...{ bearer_methods_supported: ["header"], resource_name: "Kintsugi" },
  });
  expect(challenge("http://10.0.0.7:8080", OIDC, "invalid_token")).toBe(
    'Bearer resource_metadata="https://kintsugi.example.org/.well-known/oauth-protected-resource/mcp", error="invalid_token"',
  );
});

it("names no issuer where a file holds the credential, and the address that was asked", () => {
  expect(protectedResource("http://127.0.0.1:8080", EMBEDDED)).toEqual({
    resource: "http://127.0.0.1:8080/mcp",
    bearer_methods_supported: ["header"],
    resource_name: "Kintsugi",
  });
  expect(challenge("http://127.0.0.1:8080", EMBEDDED)).not.toContain("error");
});
