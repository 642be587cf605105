import { execFile } from "node:child_process";
import { ClusterError } from "./cluster-error.ts";

/** Runs a short program to its end and returns what it printed; the error names the program and its words. */
export function execute(file: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<string> {
  const options = { encoding: "utf8", maxBuffer: 16 << 20, timeout: 120_000, env: env ?? process.env } as const;
  return new Promise((resolve, reject) => {
    execFile(file, [...args], options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new ClusterError(`${file} ${args.join(" ")}: ${stderr.trim() || error.message}`));
    });
  });
}
