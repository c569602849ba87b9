import { defineConfig } from "vitest/config";

// Every lesson against one running product: FAULTLINE_RUNTIME=process (all of them) or docker (the starred ones).
export default defineConfig({
  test: {
    include: ["tests/lessons/lessons.test.ts"],
    pool: "forks",
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 240_000,
  },
});
