/** Vitest for the suites that need nothing but this checkout. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/{unit,sim,fuzz}/**/*.test.ts"],
    reporters: ["default", "./test/rig/tally.ts"],
    maxWorkers: 2,
    testTimeout: 60_000,
  },
});
