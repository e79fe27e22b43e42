/** Vitest for the suites that need a real Docker engine and a real Consul. */
import { defineConfig } from "vitest/config";

/** What restarts the engine runs when all others are through, one file at a time. */
const alone = "test/{contract,e2e}/**/*.alone.test.ts";

export default defineConfig({
  test: {
    globalSetup: ["test/rig/setup.ts"],
    reporters: ["default", "./test/rig/tally.ts"],
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      { extends: true, test: { name: "rig", include: ["test/{contract,e2e}/**/*.test.ts"], exclude: [alone] } },
      {
        extends: true,
        test: { name: "alone", include: [alone], fileParallelism: false, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
