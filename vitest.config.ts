import { defineConfig } from "vitest/config";

const minuteMs = 60_000;

/** Tests that need nothing but Node, by folder. */
const folders = ["anomaly", "core", "sim", "client", "server", "cluster", "tests"];

/** Before each test file. */
const setupFiles = ["tests/fast-check-seed.ts"];

export default defineConfig({
  test: {
    reporters: ["default", "./tests/tally-reporter.ts"],
    projects: [
      ...folders.map((folder) => ({
        test: {
          name: folder,
          include: [`${folder}/**/*.test.ts`],
          exclude: ["**/node_modules/**", "server/test-cluster/**"],
          setupFiles,
          // Ends what hangs; a machine with other work on it is no failure.
          testTimeout: minuteMs,
          hookTimeout: minuteMs,
        },
      })),
      {
        test: {
          name: "test-cluster",
          include: ["server/test-cluster/**/*.test.ts"],
          setupFiles,
          globalSetup: ["server/test-cluster/setup.ts"],
          // One file after the other: some stop nodes, fill the cluster or kill the engine. What may run beside it shares a file.
          fileParallelism: false,
          testTimeout: 5 * minuteMs,
          hookTimeout: 5 * minuteMs,
        },
      },
    ],
  },
});
