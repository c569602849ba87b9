import { expect, test, vi } from "vitest";
import type { EdgePolicies } from "../kit/policies/schema.ts";
import { createFixedPolicies } from "../kit/testing/fixed-policies.ts";
import { createPatientCache } from "./patient-cache.ts";

const timeout = { enabled: true, timeoutMs: 50 };

/** A cache whose connection is gone, as the edge to it behaves then. */
function createGoneCache(edge: EdgePolicies) {
  let gone: string | null = "cache";
  const policies = createFixedPolicies(edge);
  const get = vi.fn(async () => {
    if (gone) throw new Error("cache is unreachable");
    return "1";
  });
  const cache = createPatientCache(
    { get, set: async () => {}, del: async () => {}, clear: async () => {}, waitingFor: () => gone },
    policies,
  );
  const comeBack = () => {
    gone = null;
  };
  return { cache, get, policies, comeBack };
}

test("without protection whoever asks waits until the cache is back", async () => {
  const { cache, get, comeBack } = createGoneCache({ timeout: { ...timeout, enabled: false } });
  const answer = cache.get("a");
  await new Promise((resolve) => setImmediate(resolve));
  expect(get).not.toHaveBeenCalled();
  comeBack();
  expect(await answer).toBe("1");
});

test("with a timeout or a breaker the edge decides, at once", async () => {
  const { cache } = createGoneCache({ timeout });
  await expect(cache.get("a")).rejects.toThrow("unreachable");
});

test("protection that is switched on sets free who waits", async () => {
  const { cache, policies } = createGoneCache({});
  const answer = cache.get("a").catch((error: Error) => error.message);
  policies.set({ timeout });
  expect(await answer).toBe("cache is unreachable");
});

test("patience ends after ten seconds", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "performance"] });
  const { cache } = createGoneCache({});
  const answer = cache.get("a").catch((error: Error) => error.message);
  await vi.advanceTimersByTimeAsync(9_900);
  expect(await Promise.race([answer, Promise.resolve("waits")])).toBe("waits");
  await vi.advanceTimersByTimeAsync(200);
  expect(await answer).toBe("cache is unreachable");
  vi.useRealTimers();
});
