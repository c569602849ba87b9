import { defineConfig } from "vitest/config";

/*
 * What must hold whatever dies, against a running product each: FAULTLINE_RUNTIME=process or docker.
 * FAULTLINE_KILLS says how many components are killed, FAULTLINE_SEED which and when: 20 in the usual run, 200 for the proof.
 */
export default defineConfig({
  test: {
    include: ["tests/invariants/**/*.test.ts"],
    pool: "forks",
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 240_000,
  },
});
