import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{contract,agent,server,components,sample-system,scripts,tests/integration}/**/*.test.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    setupFiles: ["tests/patience.ts"],
    expect: { poll: { timeout: 10_000 } },
  },
});
