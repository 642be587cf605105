/** Access by the roles of `kintsugi rbac`, as RBAC would grant them: the token names the role, and where it is bound. */
import { type Access, AccessUnavailable, type Permitted } from "../../access/access.ts";
import type { Caller } from "../../access/caller.ts";
import type { Right } from "../../access/right.ts";
import { holds, ROLES, type RoleName } from "../../people-roles.ts";

/** `viewer`, `approver@shop` (bound in one namespace), `admin+mcp` (that person's credential for MCP), `nobody` who is known and has no right. */
export class RoleAccess implements Access {
  readonly hint = "a token names a role";
  /** What was asked for, in order. */
  readonly asked: Right[] = [];
  /** While it is away nobody is known, and nothing can be told of whom is known. */
  away: "no" | "for-tokens" | "for-rights" = "no";

  async authenticate(token: string): Promise<Caller | undefined> {
    if (this.away === "for-tokens") throw new AccessUnavailable("the API server does not answer");
    const [name = "", audience] = token.split("+");
    const role = name.split("@")[0] ?? "";
    if (!(role in ROLES) && role !== "nobody") return undefined;
    return { name, groups: ["system:authenticated"], identity: "proven", audience: audience === "mcp" ? "mcp" : "api" };
  }

  async may({ name }: Caller, right: Right): Promise<Permitted> {
    this.asked.push(right);
    if (this.away === "for-rights") return "unknown";
    const [role = "", where] = name.split("@");
    const bound = where === undefined || right.namespace === where;
    return bound && role in ROLES && holds(role as RoleName, right) ? "allowed" : "denied";
  }
}
