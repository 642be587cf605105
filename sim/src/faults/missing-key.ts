/** A new revision reads a key that the ConfigMap does not have. */
import { editFault } from "./fault.ts";

export const missingKey = editFault(
  { id: "missing-key", title: "Key missing in a ConfigMap", truth: ["missing-config"], healedBy: ["roll-back"] },
  (container, app, random) => {
    const key = random.pick(["REGION", "CACHE_TTL", "PARTNER_URL"]);
    const one = { name: key, valueFrom: { configMapKeyRef: { name: app.configMap ?? "", key } } };
    return { ...container, env: [...(container.env ?? []), one] };
  },
  (app) => app.configMap !== undefined,
);
