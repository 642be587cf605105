/** A new revision needs a Secret that nobody has made. */
import { editFault } from "./fault.ts";

export const missingSecret = editFault(
  { id: "missing-secret", title: "Secret missing", truth: ["missing-config"], healedBy: ["roll-back"] },
  (container, app) => ({ ...container, envFrom: [...(container.envFrom ?? []), { secretRef: { name: `${app.ref.name}-credentials` } }] }),
);
