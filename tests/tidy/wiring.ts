/** Who may read the environment, and what tests may not do. */
import { at, isCode, isTest, nameOf, type Rule } from "./source.ts";

/** `config.ts` for the product. The test cluster and benchmarks are tools of their own: they hand the environment to what they start. */
const READS_ENVIRONMENT = /^(server\/src\/config\.ts|(server|anomaly)\/bench\/|server\/bin\/|cluster\/)/;

export const oneFileReadsTheEnvironment: Rule = (sources) =>
  sources
    .filter(({ path }) => isCode(path) && !isTest(path) && !READS_ENVIRONMENT.test(path))
    .flatMap((source) =>
      source.nodes
        .filter((node) => node.type === "MemberExpression" && nameOf(node) === "process.env")
        .map((node) => at(source, node, "reads the environment: let server/src/config.ts read it and hand the value over")),
    );

const MOCKS_MODULES = new Set(["vi.mock", "vi.doMock", "vi.hoisted", "vi.importMock"]);

export const noModuleMocks: Rule = (sources) =>
  sources
    .filter(({ path }) => isCode(path))
    .flatMap((source) =>
      source.nodes
        .filter((node) => node.type === "CallExpression" && MOCKS_MODULES.has(nameOf(node["callee"]) ?? ""))
        .map((node) => at(source, node, `${nameOf(node["callee"])}: hand a port or a value to what is tested instead`)),
    );

const LEFT_ON = new Set(["it.only", "test.only", "describe.only", "it.skip", "test.skip", "describe.skip", "it.todo", "test.todo", "describe.todo"]);

export const noTestIsSwitchedOff: Rule = (sources) =>
  sources
    .filter(({ path }) => isCode(path))
    .flatMap((source) =>
      source.nodes
        .filter((node) => node.type === "CallExpression" && LEFT_ON.has(nameOf(node["callee"]) ?? ""))
        .map((node) => at(source, node, `${nameOf(node["callee"])}: run every test; where a machine lacks something use skipIf and say what`)),
    );
