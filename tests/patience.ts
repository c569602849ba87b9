import { vi } from "vitest";

/** A slow machine is no failure: whatever a test waits for may take this long, not Vitest's one second. */
const PATIENCE_MS = 10_000;

const { waitFor } = vi;
vi.waitFor = (callback, options = PATIENCE_MS) =>
  waitFor(callback, typeof options === "number" ? options : { timeout: PATIENCE_MS, ...options });
