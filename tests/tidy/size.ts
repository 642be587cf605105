/** Files and functions that fit a screen, or nearly. */
import { isCode, isNode, isTest, type Node, type Rule, type Source } from "./source.ts";

/** Aim at 300 and 60; these are where it fails. */
export const MAX_FILE_LINES = 400;
/** A test is a list of stories, which are read one at a time. */
export const MAX_TEST_LINES = 500;
export const MAX_FUNCTION_LINES = 80;

/** Generated files, tables and recorded fixtures are data. */
const DATA = /\.generated\.ts$|\/fixtures\/|-table\.ts$/;

export const filesAreShort: Rule = (sources) =>
  sources
    .filter(({ path }) => isCode(path) && !DATA.test(path))
    .map(({ path, text }) => ({ path, lines: text.trimEnd().split("\n").length, most: isTest(path) ? MAX_TEST_LINES : MAX_FILE_LINES }))
    .filter(({ lines, most }) => lines > most)
    .map(({ path, lines, most }) => ({ path, line: most + 1, message: `${lines} lines: split it by job, at most ${most}` }));

const FUNCTIONS = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);

export const functionsAreShort: Rule = (sources) =>
  sources
    .filter(({ path }) => isCode(path) && !isTest(path) && !DATA.test(path))
    .flatMap((source) =>
      source.nodes
        .filter((node) => FUNCTIONS.has(node.type))
        .map((node) => ({ node, lines: linesOf(source, node) }))
        .filter(({ lines }) => lines > MAX_FUNCTION_LINES)
        .map(({ node, lines }) => ({
          path: source.path,
          line: source.lineOf(node.start),
          message: `${nameOfFunction(node)} has ${lines} lines: split it, at most ${MAX_FUNCTION_LINES}`,
        })),
    );

function linesOf(source: Source, node: Node): number {
  return source.lineOf(node.end) - source.lineOf(node.start) + 1;
}

function nameOfFunction(node: Node): string {
  return isNode(node["id"]) ? String(node["id"]["name"]) : "a function";
}
