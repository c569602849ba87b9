import { expect, test } from "vitest";
import { address, parseEnv, port } from "./env.ts";

test("reads what is there", () => {
  const env = { PORT: "3000", BANK_URL: "http://bank:3000" };
  expect(parseEnv({ PORT: port, BANK_URL: address }, env)).toEqual({ PORT: 3000, BANK_URL: "http://bank:3000" });
});

test("says in one sentence what is missing and what is wrong", () => {
  expect(() => parseEnv({ PORT: port, BANK_URL: address }, { PORT: "99999" })).toThrow(
    /^PORT=99999 is wrong \(.+\); BANK_URL is not set\. The settings of every service are in docker-compose\.yml\.$/,
  );
});
