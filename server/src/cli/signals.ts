/** Being asked to stop. */

/** Supervisors signal the whole group and the launcher passes its own on: copies within this time are the same wish. */
const SAME_WISH_MS = 1_000;

/** Resolves with the name of the first signal; a second one, meant, ends the process at once. */
export function untilSignal(): Promise<string> {
  return new Promise((resolve) => {
    let first = 0;
    const heard = (signal: NodeJS.Signals): void => {
      const now = performance.now();
      if (first === 0) {
        first = now;
        resolve(signal);
      } else if (now - first > SAME_WISH_MS) process.exit(130);
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, heard);
  });
}
