/** Names and words that do not belong: empty names, notes to oneself, and what is of one machine alone. */
import { isCode, isTest, type Rule, type Violation } from "./source.ts";

const EMPTY_NAME = /^(utils?|helpers?|common|managers?|services?)$/;

export const namesSayWhatIsInside: Rule = (sources) =>
  sources.flatMap(({ path }) =>
    path
      .split("/")
      .map((part) => part.replace(/\..*$/, ""))
      .filter((part) => EMPTY_NAME.test(part))
      .map((part) => ({ path, line: 1, message: `${JSON.stringify(part)} says nothing: name it after the job it does` })),
  );

export const filesAreKebabCase: Rule = (sources) =>
  sources
    .filter(({ path }) => isCode(path) && !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*\.ts$/.test(path.slice(path.lastIndexOf("/") + 1)))
    .map(({ path }) => ({ path, line: 1, message: "is not kebab-case" }));

interface Unwanted {
  readonly pattern: RegExp;
  readonly message: string;
  /** Made-up examples are what tests are about. */
  readonly inTests: boolean;
}

/** Each is written so that it does not match itself. */
const UNWANTED: readonly Unwanted[] = [
  { pattern: /\b(TO[D]O|FIX[M]E)\b/, message: "a note to oneself: do it, or open an issue", inTests: true },
  { pattern: /registry\.npm[j]s\.org|"resolve[d]": "http/, message: "names a registry: versions and checksums are enough", inTests: true },
  { pattern: /(^|[\s"'`=(:])\/(roo[t]|wor[k])\/[\w.]/, message: "a path of one machine: make it relative, or take it from the environment", inTests: true },
  { pattern: /-----BEGI[N] ([A-Z]+ )?PRIVATE KEY-----/, message: "a private key: make one when the test runs", inTests: false },
  {
    pattern: /\b(gh[pousr]_\w{36}|np[m]_\w{36}|AKI[A][0-9A-Z]{16}|gl[p]at-[\w-]{20}|xo[x][abp]-[\w-]{20})/,
    message: "looks like a token: remove and revoke it",
    inTests: false,
  },
  { pattern: /_auth(Token)?\s*=\s*\S/, message: "a registry's password: it belongs in the user's own .npmrc", inTests: false },
];

export const nothingOfOneMachine: Rule = (sources) =>
  sources.flatMap(({ path, text }) => {
    const lines = text.split("\n");
    return UNWANTED.filter(({ inTests }) => inTests || !isTest(path)).flatMap(({ pattern, message }) =>
      lines.flatMap((line, index): Violation[] => (pattern.test(line) ? [{ path, line: index + 1, message }] : [])),
    );
  });
