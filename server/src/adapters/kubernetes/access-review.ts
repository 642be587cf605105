/** One access review: may somebody do something. */
import { PortError, type Reviewed } from "@kintsugi/core";
import { ask, jsonOf } from "./ask.ts";
import type { Transport } from "./transport.ts";

/** `selfsubjectaccessreviews` asks about ourselves, `subjectaccessreviews` about whom the spec names. Never throws: no answer is `unknown`. */
export async function askReview(
  transport: Transport,
  resource: "selfsubjectaccessreviews" | "subjectaccessreviews",
  spec: object,
  timeoutMs: number,
): Promise<Reviewed> {
  const kind = resource === "subjectaccessreviews" ? "SubjectAccessReview" : "SelfSubjectAccessReview";
  const body = { apiVersion: "authorization.k8s.io/v1", kind, spec };
  try {
    const request = { method: "POST", path: `/apis/authorization.k8s.io/v1/${resource}`, body, timeoutMs } as const;
    const { status } = jsonOf(await ask(transport, request, "read"), "read") as { status?: { allowed?: boolean; evaluationError?: string } };
    if (status?.allowed === true) return "allowed";
    if (status?.allowed !== false) return "unknown";
    // An authorizer that failed might have said yes.
    return (status.evaluationError ?? "") === "" ? "denied" : "unknown";
  } catch (error) {
    if (error instanceof PortError) return "unknown";
    throw error;
  }
}
