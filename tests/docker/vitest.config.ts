import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/docker/**/*.test.ts"],
    pool: "forks",
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 180_000,
  },
});
