/** The program cannot be started: a command that is not in the image, is not executable, or a shell that does not find it. */
import type { Case, Evidence, FailureMode, Remedy } from "../../model/failure-mode.ts";
import { workloadHealth } from "../../model/workload-health.ts";
import { against, favours, weigh } from "../evidence.ts";
import { quote, refsOf, type TroubledPod, troubled } from "../failing-pods.ts";
import { bothContainers, isSuspect, newRevision } from "../new-revision.ts";
import { restartRecurrenceMs } from "../steady-health.ts";

/** runc and crun for a program that the container does not have or may not run. */
const EXEC = /\bexec\b|executable file not found|no such file or directory|permission denied|not found in \$PATH|chdir|\bcwd\b/i;
/** sysexits of POSIX shells: found but not executable, not found. */
const CANNOT_EXECUTE = 126;
const NOT_FOUND = 127;

export const badCommand: FailureMode = {
  id: "bad-command",
  number: 2,
  title: "Bad command",
  explains: ["container-start", "container-crashing", "rollout-stalled"],
  deterministic: true,
  maybeMeant: false,
  specificity: 1,
  examine,
  remedies,
  healthy: (given) => workloadHealth(given.view, given.subject),
  recurrenceMs: restartRecurrenceMs,
};

function shown(given: Case): readonly TroubledPod[] {
  return troubled(given, "container-start", "container-crashing").filter(
    ({ trouble }) => trouble.type === "container-start" || trouble.exitCode === CANNOT_EXECUTE || trouble.exitCode === NOT_FOUND,
  );
}

function examine(given: Case): readonly Evidence[] | undefined {
  const failing = shown(given);
  const first = failing[0];
  if (first === undefined) return undefined;
  const refs = refsOf(failing.map((one) => one.pod));
  const evidence: Evidence[] = [];
  if (first.trouble.type === "container-start") {
    const text = `${first.trouble.reason}${quote(first.trouble.message)}`;
    if (failing.some(({ trouble }) => EXEC.test(trouble.message))) evidence.push(favours("runtime-cannot-start", text, ...refs));
    else evidence.push(favours("start-fails", text, ...refs), against("not-the-command", "the runtime's message names no program", ...refs));
  } else {
    const words = first.trouble.exitCode === NOT_FOUND ? "not found" : "found but not executable";
    evidence.push(favours("exit-code-says-start", `exit code ${first.trouble.exitCode}: the program was ${words}`, ...refs));
  }
  const changed = commandChange(given, failing);
  return changed === undefined ? evidence : [...evidence, changed];
}

function commandChange(given: Case, failing: readonly TroubledPod[]): Evidence | undefined {
  const revision = newRevision(
    given,
    failing.map((one) => one.pod),
  );
  if (revision === undefined) return undefined;
  const changed = failing.some(({ trouble }) => {
    const both = bothContainers(revision, trouble.container);
    return (
      both !== undefined && ["command", "args", "image", "workingDir"].some((field) => JSON.stringify(both.now[field]) !== JSON.stringify(both.before[field]))
    );
  });
  return weigh("command-changed", changed, [`${revision.text}, in command, arguments or image`, `${revision.text}, but not in command, arguments or image`]);
}

function remedies(given: Case): readonly Remedy[] {
  const revision = newRevision(
    given,
    shown(given).map((one) => one.pod),
  );
  return isSuspect(revision) ? [{ action: "roll-back", target: given.subject, params: {} }] : [];
}
