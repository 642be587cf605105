import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of its own for a test's files, removed by `remove`. */
export function temporaryFolder(): { readonly path: string; file(name: string, content: string): string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "kintsugi-test-"));
  return {
    path,
    file(name, content) {
      const file = join(path, name);
      writeFileSync(file, content);
      return file;
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** A kubeconfig with one context `test`; `user` and `cluster` are the fields under those names, in YAML flow style. */
export function kubeconfigFor(server: string, user = "{}", cluster = ""): string {
  return [
    "apiVersion: v1",
    "kind: Config",
    "current-context: test",
    `clusters: [{name: c, cluster: {server: "${server}"${cluster === "" ? "" : `, ${cluster}`}}}]`,
    `users: [{name: u, user: ${user}}]`,
    "contexts: [{name: test, context: {cluster: c, user: u}}]",
    "",
  ].join("\n");
}
