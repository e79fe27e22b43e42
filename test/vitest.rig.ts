/** Vitest for the suites that need a real Docker engine and a real Consul. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/{contract,e2e}/**/*.test.ts"],
    globalSetup: ["test/rig/setup.ts"],
    reporters: ["default", "./test/rig/tally.ts"],
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
