import { expect, test } from "vitest";
import { createAccessKey } from "./access-key.ts";

const key = "right-key-1";
const admit = createAccessKey(key);
const ask = (url: string, headers: Record<string, string> = {}) => admit({ url, headers });

test("without a key everybody is admitted", () => {
  expect(createAccessKey(null)({ url: "/", headers: {} })).toEqual({ admitted: true });
});

test("the key in the address becomes a cookie, and leaves the address", () => {
  const admission = ask(`/traces?service=a&key=${key}`);
  if (!("redirect" in admission)) throw new Error("expected a redirect");
  expect(admission.redirect).toBe("/traces?service=a");
  expect(admission.cookie).toMatch(/^faultline-[0-9a-f]{8}=[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Strict$/);
  expect(admission.cookie).not.toContain(key);
  const [cookie] = admission.cookie.split(";");
  expect(ask("/", { cookie: `other=1; ${cookie}` })).toEqual({ admitted: true });
});

test("the redirect stays on this host", () => {
  expect(ask(`//evil.example/?key=${key}`)).toMatchObject({ redirect: "/evil.example/" });
});

test.each([
  ["nothing", "/", {}],
  ["a wrong key in the address", "/?key=wrong", {}],
  ["a wrong bearer", "/", { authorization: "Bearer wrong" }],
  ["the key as basic", "/", { authorization: `Basic ${key}` }],
  ["the cookie of another", "/", { cookie: "faultline-00000000=00" }],
])("%s is refused", (_name, url, headers) => {
  expect(ask(url, headers)).toMatchObject({ admitted: false, error: { code: "unauthorized" } });
});

test("a program shows it as bearer", () => {
  expect(ask("/", { authorization: `Bearer ${key}` })).toEqual({ admitted: true });
});
