/** The arrows: between the stages of the loop, and between packages. */
import { at, type Import, importsOf, isCode, isTest, type Rule, type Source } from "./source.ts";

export const STAGES = ["detect", "correlate", "diagnose", "decide", "act", "verify"] as const;

/** What each folder of core may import beside itself; the engine, the index and the tests' own folder may import all. */
const MAY_IMPORT: ReadonlyMap<string, readonly string[]> = new Map([
  // What is observed is a noun of the cluster's port.
  ["model", ["ports"]],
  ["ports", ["model"]],
  ...STAGES.map((stage): [string, readonly string[]] => [stage, ["model"]]),
]);

export const stagesStandApart: Rule = (sources) =>
  sources.filter(isOfProduct).flatMap((source) => {
    const folder = folderOf(source.path);
    const allowed = folder === undefined ? undefined : MAY_IMPORT.get(folder);
    if (folder === undefined || allowed === undefined) return [];
    const strays = importsOf(source).filter(({ target }) => target !== undefined && ![folder, ...allowed].includes(folderOf(target) ?? ""));
    return strays.map(({ node, target }) =>
      at(source, node, `${folder} imports ${target}: it may import ${[folder, ...allowed].join(" and ")} only; move what both need to core/src/model`),
    );
  });

function folderOf(path: string): string | undefined {
  return /^core\/src\/([^/]+)\//.exec(path)?.[1];
}

/** Folders of the server that whoever speaks to people and programs asks, and that know nothing of how it is said. */
const UNSAID = /^server\/src\/(answers|access|adapters|models|advisor)\//;
const SAYS = /^server\/src\/(http|mcp|cli)\//;

export const answersKnowNoProtocol: Rule = (sources) =>
  sources
    .filter((source) => isOfProduct(source) && UNSAID.test(source.path))
    .flatMap((source) =>
      importsOf(source)
        .filter(({ target }) => target !== undefined && SAYS.test(target))
        .map(({ node, target }) => at(source, node, `imports ${target}: what is answered does not depend on how it is asked; move what both need here`)),
    );

const PACKAGES = ["anomaly", "core", "sim", "client", "server", "console", "cluster"] as const;
type Package = (typeof PACKAGES)[number];

const ARROWS: Readonly<Record<Package, readonly Package[]>> = {
  anomaly: [],
  core: ["anomaly"],
  sim: ["core"],
  client: [],
  server: ["core", "anomaly", "client"],
  console: ["core", "client"],
  cluster: [],
};

/** Where the server may know the simulator: what simulates, and what wires it. */
const SIMULATES = /^server\/(bench\/|src\/compose|.*(demo|simulat|swarm|embedded))/;

export const packagesKeepTheirLayers: Rule = (sources) =>
  sources
    .filter(({ path }) => isCode(path) && packageOf(path) !== undefined)
    .flatMap((source) =>
      importsOf(source)
        .filter((each) => !allowed(source.path, each))
        .map(({ node, specifier }) => at(source, node, `imports ${specifier}: ${rightFor(packageOf(source.path) as Package)}`)),
    );

function allowed(path: string, { specifier, target }: Import): boolean {
  const from = packageOf(path) as Package;
  const to = target === undefined ? named(specifier) : packageOf(target);
  if (to === undefined || to === from || ARROWS[from].includes(to)) return true;
  if (from === "server" && isTest(path)) return to === "sim" || (to === "cluster" && path.startsWith("server/test-cluster/"));
  return from === "server" && to === "sim" && SIMULATES.test(path);
}

function rightFor(from: Package): string {
  const to = ARROWS[from];
  const rest = from === "server" ? " (and sim in what simulates and in compose)" : "";
  return to.length === 0 ? `${from} stands alone` : `${from} may import ${to.join(" and ")}${rest}`;
}

function packageOf(path: string): Package | undefined {
  return PACKAGES.find((name) => path.startsWith(`${name}/`));
}

function named(specifier: string): Package | undefined {
  return PACKAGES.find((name) => specifier === `@kintsugi/${name}` || specifier.startsWith(`@kintsugi/${name}/`));
}

export const testingStaysInTests: Rule = (sources) =>
  sources.filter(isOfProduct).flatMap((source) =>
    importsOf(source)
      .filter(({ target, specifier }) => (target !== undefined && isTest(target)) || /^(vitest|fast-check)(\/|$)/.test(specifier))
      .filter(() => !source.path.endsWith(".config.ts"))
      .map(({ node, specifier }) => at(source, node, `the product imports ${specifier}, which is for tests: move what it needs out of testing/`)),
  );

function isOfProduct({ path }: Source): boolean {
  return isCode(path) && !isTest(path);
}
