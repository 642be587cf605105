import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A kubeconfig with its certificates inside, so that it may be copied. JSON is YAML. */
export function kubeconfig(pki: string, user: string, server: string): string {
  const base64 = (file: string) => readFileSync(join(pki, file)).toString("base64");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "default",
    clusters: [{ name: "default", cluster: { server, "certificate-authority-data": base64("ca.crt") } }],
    users: [
      {
        name: user,
        user: { "client-certificate-data": base64(`${user}.crt`), "client-key-data": base64(`${user}.key`) },
      },
    ],
    contexts: [{ name: "default", context: { cluster: "default", user } }],
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}
