import { UnsecuredJWT } from "jose";
import { afterEach, expect, test, vi } from "vitest";
import { createTokens } from "./tokens.ts";

const tokens = createTokens("a secret of at least 32 characters");
afterEach(() => {
  vi.useRealTimers();
});

test("knows its own token's client again", async () => {
  expect(await tokens.verify(await tokens.issue("ann"))).toBe("ann");
});

test("takes no token that another secret signed, that was changed, that says it needs no signature, or nonsense", async () => {
  const other = await createTokens("another secret of 32 characters!").issue("ann");
  const [header, , signature] = (await tokens.issue("bob")).split(".");
  const [, payload] = (await tokens.issue("ann")).split(".");
  const unsigned = new UnsecuredJWT().setSubject("ann").setExpirationTime("1h").encode();
  for (const token of [other, `${header}.${payload}.${signature}`, unsigned, "", "nonsense"]) {
    expect(await tokens.verify(token)).toBe(undefined);
  }
});

test("a token ends after twelve hours", async () => {
  vi.useFakeTimers({ now: 0, toFake: ["Date"] });
  const token = await tokens.issue("ann");
  vi.setSystemTime(11 * 3_600_000);
  expect(await tokens.verify(token)).toBe("ann");
  vi.setSystemTime(13 * 3_600_000);
  expect(await tokens.verify(token)).toBe(undefined);
});
