/** No clock, chance, timer, locale or outside world in pure code. */
import { at, importsOf, isCode, isTest, type Node, nameOf, type Rule, type Source, type Violation } from "./source.ts";

const PURE = /^(core|sim|anomaly)\/src\//;

const MEMBERS: ReadonlyMap<string, string> = new Map([
  ["Date.now", "take `now` as an argument"],
  ["Math.random", "take a seeded source of randomness as an argument"],
]);

const GLOBALS: ReadonlyMap<string, string> = new Map(
  [
    "setTimeout",
    "setInterval",
    "setImmediate",
    "queueMicrotask",
    "performance",
    "fetch",
    "process",
    "Buffer",
    "console",
    "require",
    "globalThis",
    "crypto",
  ].map((name) => [name, "return an effect and let a port perform it, or take what it gives as an argument"]),
);

/** Answers that depend on the machine's time zone or language. */
const LOCAL = /^(toLocale\w+|localeCompare|getTimezoneOffset|get(FullYear|Month|Date|Day|Hours|Minutes))$/;

export function pureSources(sources: readonly Source[]): Source[] {
  return sources.filter(({ path }) => PURE.test(path) && isCode(path) && !isTest(path));
}

export const pureCodeIsPure: Rule = (sources) => pureSources(sources).flatMap(impurities);

function impurities(source: Source): Violation[] {
  const own = declared(source);
  const imports = importsOf(source)
    .filter(({ specifier }) => specifier.startsWith("node:"))
    .map(({ node, specifier }) => at(source, node, `imports ${specifier}: pure code does no I/O; describe it as an effect or a port`));
  return [...imports, ...source.nodes.flatMap((node) => impurity(source, node, own) ?? [])];
}

function impurity(source: Source, node: Node, own: ReadonlySet<string>): Violation | undefined {
  if (node.type === "MemberExpression") {
    const name = nameOf(node) ?? "";
    const instead = MEMBERS.get(name);
    if (instead !== undefined) return at(source, node, `${name}: ${instead}`);
    const method = nameOf(node["property"]) ?? "";
    if (node["computed"] !== true && LOCAL.test(method)) {
      return at(source, node, `.${method} depends on the machine's time zone or language: use UTC and compare code units`);
    }
    return forbidden(source, node["object"] as Node, own);
  }
  const callee = node["callee"];
  if (node.type === "NewExpression" && nameOf(callee) === "Date" && (node["arguments"] as unknown[]).length === 0) {
    return at(source, node, "new Date() reads the clock: write new Date(now)");
  }
  return node.type === "CallExpression" || node.type === "NewExpression" ? forbidden(source, callee as Node, own) : undefined;
}

function forbidden(source: Source, node: Node, own: ReadonlySet<string>): Violation | undefined {
  const name = node.type === "Identifier" ? String(node["name"]) : "";
  const instead = own.has(name) ? undefined : GLOBALS.get(name);
  return instead === undefined ? undefined : at(source, node, `${name}: ${instead}`);
}

/** Names that the file declares or imports itself: its own `process` is not Node's. */
function declared(source: Source): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of source.nodes) {
    if (node.type === "VariableDeclarator") addNames(node["id"] as Node, names);
    else if (node.type.startsWith("Import") && node["local"] !== undefined) addNames(node["local"] as Node, names);
    else if (Array.isArray(node["params"])) for (const parameter of node["params"] as Node[]) addNames(parameter, names);
  }
  return names;
}

function addNames(pattern: Node, names: Set<string>): void {
  if (pattern.type === "Identifier") names.add(String(pattern["name"]));
  else if (pattern.type === "ObjectPattern")
    for (const property of pattern["properties"] as Node[]) addNames((property["value"] ?? property["argument"]) as Node, names);
  else if (pattern.type === "AssignmentPattern") addNames(pattern["left"] as Node, names);
  else if (pattern.type === "ArrayPattern") for (const element of pattern["elements"] as (Node | null)[]) if (element !== null) addNames(element, names);
}
