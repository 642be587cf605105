/** Whose token is it: asked from the API server that issued it, or that knows who did. */
import { PortError } from "@kintsugi/core";
import { z } from "zod";
import { ask, jsonOf } from "./ask.ts";
import { portError } from "./status.ts";
import type { Transport } from "./transport.ts";

/** As the API server names somebody, to be handed on to a SubjectAccessReview. */
export interface KubernetesUser {
  readonly username: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** `audiences`: for which of those asked about the token was made; none where it is for the API server alone. */
export interface TokenOwner {
  readonly user: KubernetesUser;
  readonly audiences: readonly string[];
}

const text = z.string();
const Answer = z.object({
  status: z.object({
    authenticated: z.boolean().optional(),
    user: z
      .object({ username: text, uid: text.optional(), groups: z.array(text).nullish(), extra: z.record(text, z.array(text)).nullish() })
      .partial({ username: true })
      .optional(),
    audiences: z.array(text).nullish(),
  }),
});

/** Undefined when it is nobody's. Throws PortError when the API server cannot say; no message holds the token. */
export async function reviewToken(transport: Transport, token: string, audiences: readonly string[], timeoutMs: number): Promise<TokenOwner | undefined> {
  const body = { apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", spec: { token, audiences } };
  const request = { method: "POST", path: "/apis/authentication.k8s.io/v1/tokenreviews", body, timeoutMs } as const;
  const reply = await ask(transport, request, "read").catch((error: unknown) => {
    if (error instanceof PortError && error.failure.kind === "denied")
      throw portError("denied", "Kintsugi itself may not create tokenreviews.authentication.k8s.io: `kintsugi rbac` prints the rights that it needs");
    throw error;
  });
  const parsed = Answer.safeParse(jsonOf(reply, "read"));
  if (!parsed.success) throw portError("unavailable", "the answer to a TokenReview is not readable");
  const { authenticated, user, audiences: valid } = parsed.data.status;
  if (authenticated !== true || user?.username === undefined || user.username === "") return undefined;
  const { username, uid, groups, extra } = user;
  return {
    user: { username, groups: groups ?? [], ...(uid === undefined || uid === "" ? {} : { uid }), ...(extra == null ? {} : { extra }) },
    audiences: (valid ?? []).filter((audience) => audiences.includes(audience)),
  };
}
