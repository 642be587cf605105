/** What documents and package files say is so. */
import { join } from "node:path";
import type { Rule, Source, Violation } from "./source.ts";

const PATH_IN_TEXT = /(?<![\w./-])((?:anomaly|core|sim|server|console|cluster|docs|tests|deploy|notebooks|\.ci)\/[\w./*-]*)/g;

/** Every path that ARCHITECTURE.md names exists; `*` stands for any name. */
export const architectureIsTrue: Rule = (sources) => {
  const document = sources.find(({ path }) => path === "ARCHITECTURE.md");
  if (document === undefined) return [{ path: "ARCHITECTURE.md", line: 1, message: "does not exist: write down the shape of the project" }];
  return [...document.text.matchAll(PATH_IN_TEXT)]
    .map(({ 1: path = "", index }) => ({ named: path.replace(/[./]+$/, ""), index }))
    .filter(({ named }) => !exists(named, sources))
    .map(({ named, index }) => ({ path: document.path, line: document.lineOf(index), message: `names ${named}, which does not exist: correct it` }));
};

const LINK = /\]\(([^)\s#]+)(#[^)\s]*)?\)/g;

/** Every relative link of a document leads to a file. */
export const linksLeadSomewhere: Rule = (sources) =>
  sources
    .filter(({ path }) => path.endsWith(".md"))
    .flatMap((source) =>
      [...source.text.matchAll(LINK)]
        .filter(({ 1: target = "" }) => !/^[a-z]+:/.test(target))
        .map(({ 1: target = "", index }) => ({ target, index, path: join(source.path, "..", target).replace(/\/$/, "") }))
        .filter(({ path }) => !exists(path, sources))
        .map(({ target, index }) => ({ path: source.path, line: source.lineOf(index), message: `links to ${target}, which does not exist: correct it` })),
    );

function exists(named: string, sources: readonly Source[]): boolean {
  const pattern = named.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  const wanted = new RegExp(`^${pattern.join("[^/]*")}(/|$)`);
  return sources.some(({ path }) => wanted.test(path));
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly [field: string]: unknown }>>;
}

const DEPENDENCY_FIELDS = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies", "workspaces"];

/** `npm install` would mend a lock file that lags behind and say nothing, so each machine would get versions of its own day. */
export const lockFileIsCurrent: Rule = (sources) => {
  const lock = sources.find(({ path }) => path === "package-lock.json");
  if (lock === undefined) return [{ path: "package-lock.json", line: 1, message: "does not exist: run npm install" }];
  const { packages } = JSON.parse(lock.text) as Lock;
  return sources
    .filter(({ path }) => /^([a-z-]+\/)?package\.json$/.test(path))
    .flatMap(({ path, text }): Violation[] => {
      const wanted = JSON.parse(text) as { readonly [field: string]: unknown };
      const locked = packages[path.replace(/\/?package\.json$/, "")] ?? {};
      const differs = DEPENDENCY_FIELDS.filter((field) => canonical(wanted[field]) !== canonical(locked[field]));
      return differs.map((field) => ({ path, line: 1, message: `its ${field} are not those of package-lock.json: run npm install and commit both` }));
    });
};

function canonical(value: unknown): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return JSON.stringify(value ?? {});
  return JSON.stringify(Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** The compiler keeps pure packages pure only as long as it is not given the types of a machine. */
export const compilerKeepsPurity: Rule = (sources) =>
  ["tsconfig.base.json", "anomaly/tsconfig.json", "core/tsconfig.json", "sim/tsconfig.json"].flatMap((path): Violation[] => {
    const source = sources.find((each) => each.path === path);
    if (source === undefined) return [{ path, line: 1, message: "does not exist" }];
    const options = (JSON.parse(source.text) as { compilerOptions?: { types?: string[]; lib?: string[] } }).compilerOptions ?? {};
    const { types = [], lib = ["ES2024"] } = options;
    const says = path === "tsconfig.base.json" && (options.types === undefined || options.lib === undefined) ? "must say types and lib: " : "";
    const wrong = says !== "" || types.length > 0 || lib.some((name) => !name.startsWith("ES"));
    return wrong ? [{ path, line: 1, message: `${says}"types" is [] and "lib" is of ECMAScript alone in pure packages` }] : [];
  });
