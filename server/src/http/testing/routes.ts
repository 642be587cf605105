/** Every route of an app, the hidden ones too: what has to hold for all of them is asked of all of them. */
import type { App } from "../context.ts";

export interface Route {
  readonly method: string;
  /** With `:name` for its parameters. */
  readonly path: string;
}

/** Without HEAD, which is GET. */
export async function routesOf(app: App): Promise<readonly Route[]> {
  await app.ready();
  const parents: string[] = [];
  return app
    .printRoutes({ commonPrefix: false })
    .split("\n")
    .flatMap((line) => {
      const found = /^([│ ]*)[├└]── (\S*)(?: \(([A-Z, ]+)\))?$/.exec(line);
      if (found === null) return [];
      const [, indent = "", part = "", methods = ""] = found;
      const depth = indent.length / 4;
      const path = (parents[depth - 1] ?? "") + part;
      parents.length = depth;
      parents.push(path);
      return methods
        .split(", ")
        .filter((method) => method !== "" && method !== "HEAD")
        .map((method) => ({ method, path }));
    });
}

/** The path with its parameters filled in; what `values` does not name is as an object of the tests is called. */
export function filled(path: string, values: { readonly [name: string]: string } = {}): string {
  const usual: { readonly [name: string]: string } = { kind: "Deployment", namespace: "shop", ns: "shop", name: "cart" };
  return path.replaceAll(/:([A-Za-z]+)/g, (_whole, name: string) => {
    if (values[name] !== undefined) return values[name];
    if (name === "id") return path.includes("/silences/") ? "sil-1" : "inc-1";
    return usual[name] ?? "x";
  });
}
