/** One explicit list for each family of plugins, equal to its folder; a test beside every plugin; a runbook for every mode. */
import { at, importsOf, isCode, isNode, type Rule, type Source, type Violation } from "./source.ts";

export interface Family {
  readonly folder: string;
  readonly catalog: string;
}

export const FAMILIES: readonly Family[] = [
  { folder: "core/src/detect/detectors", catalog: "core/src/detect/catalog.ts" },
  { folder: "core/src/diagnose/modes", catalog: "core/src/diagnose/catalog.ts" },
  { folder: "core/src/act/actions", catalog: "core/src/act/catalog.ts" },
  { folder: "core/src/decide/gates", catalog: "core/src/decide/gates.ts" },
  { folder: "sim/src/faults", catalog: "sim/src/faults/catalog.ts" },
  { folder: "sim/src/lookalikes", catalog: "sim/src/lookalikes/catalog.ts" },
];

/** Plugins of a family. A file of which the catalog takes nothing but types is the family's contract, not a plugin. */
export function pluginsOf(family: Family, sources: readonly Source[]): Source[] {
  const catalog = sources.find(({ path }) => path === family.catalog);
  const imports = catalog === undefined ? [] : importsOf(catalog);
  const contracts = new Set(imports.filter(({ typeOnly }) => typeOnly).map(({ target }) => target));
  const plain = (path: string) => path.startsWith(`${family.folder}/`) && !path.slice(family.folder.length + 1).includes("/");
  return sources.filter(({ path }) => plain(path) && isCode(path) && !path.endsWith(".test.ts") && path !== family.catalog && !contracts.has(path));
}

export const everyPluginIsListed: Rule = (sources) =>
  FAMILIES.flatMap((family) => {
    const plugins = pluginsOf(family, sources);
    if (plugins.length === 0) return [];
    const catalog = sources.find(({ path }) => path === family.catalog);
    if (catalog === undefined) return [{ path: family.catalog, line: 1, message: `does not exist: list everything in ${family.folder} there` }];
    const listed = new Set(importsOf(catalog).map(({ target }) => target));
    return plugins
      .filter(({ path }) => !listed.has(path))
      .map(({ path }) => ({ path, line: 1, message: `is not in ${family.catalog}: import it there and add it to the list` }));
  });

export const everyPluginHasATest: Rule = (sources) => {
  const paths = new Set(sources.map(({ path }) => path));
  return FAMILIES.flatMap((family) =>
    pluginsOf(family, sources)
      .map(({ path }) => ({ path, test: path.replace(/\.ts$/, ".test.ts") }))
      .filter(({ test }) => !paths.has(test))
      .map(({ path, test }) => ({ path, line: 1, message: `has no test beside it: write ${test}` })),
  );
};

const MODES = FAMILIES[1] as Family;

export const everyModeHasARunbook: Rule = (sources) => {
  const paths = new Set(sources.map(({ path }) => path));
  return pluginsOf(MODES, sources).flatMap((source): Violation[] => {
    const ids = source.nodes.filter((node) => node.type === "Property" && keyOf(node["key"]) === "id").flatMap((node) => textOf(node["value"]) ?? []);
    const name = source.path.slice(MODES.folder.length + 1, -".ts".length);
    if (!ids.includes(name))
      return [{ path: source.path, line: 1, message: `its mode's id is not ${JSON.stringify(name)}: file, id and runbook have one name` }];
    const runbook = `docs/runbooks/${name}.md`;
    return paths.has(runbook) ? [] : [{ path: source.path, line: 1, message: `has no runbook: write ${runbook}` }];
  });
};

export const confidenceIsMeasured: Rule = (sources) =>
  pluginsOf(MODES, sources).flatMap((source) =>
    source.nodes
      .filter(
        (node) =>
          node.type === "Property" && /confidence/i.test(keyOf(node["key"]) ?? "") && isNode(node["value"]) && typeof node["value"]["value"] === "number",
      )
      .map((node) => at(source, node, "a literal confidence: leave it out, it is measured for the evidence (confidence.generated.ts)")),
  );

function keyOf(key: unknown): string | undefined {
  return isNode(key) && key.type === "Identifier" ? String(key["name"]) : textOf(key);
}

function textOf(node: unknown): string | undefined {
  return isNode(node) && node.type === "Literal" && typeof node["value"] === "string" ? node["value"] : undefined;
}
