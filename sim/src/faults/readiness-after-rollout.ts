/** An edit points the readiness probe at a path, or a port, that the application does not serve. */
import { editFault } from "./fault.ts";

export const readinessAfterRollout = editFault(
  {
    id: "readiness-after-rollout",
    title: "Readiness probe changed to what is not served",
    truth: ["bad-rollout", "readiness-failing"],
    healedBy: ["roll-back"],
  },
  (container, _, random) => {
    const port = random.pick([8080, 8080, 9090]);
    const path = port === 8080 ? random.pick(["/health", "/api/ready", "/readyz"]) : "/healthz";
    return { ...container, readinessProbe: { ...container.readinessProbe, httpGet: { path, port } } };
  },
);
