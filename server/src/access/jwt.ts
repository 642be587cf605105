/** What a token says of itself, unproven: only to decide whom to ask about it, and to believe it for a shorter time. */
import { decodeJwt, type JWTPayload } from "jose";

/** When it ends, ms since 1970; undefined where it does not say or is no JWT. */
export function expiryOf(token: string): number | undefined {
  const exp = claimsOf(token)?.exp;
  return exp === undefined ? undefined : exp * 1_000;
}

/** Who says to have issued it. */
export function issuerOf(token: string): string | undefined {
  return claimsOf(token)?.iss;
}

function claimsOf(token: string): JWTPayload | undefined {
  try {
    return decodeJwt(token);
  } catch {
    return undefined;
  }
}
