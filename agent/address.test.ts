import { describe, expect, test } from "vitest";
import { formatAddress, parseAddress } from "./address.ts";

describe("an address", () => {
  test.each([
    ["127.0.0.1:0", { host: "127.0.0.1", port: 0 }],
    ["inventory-db:5432", { host: "inventory-db", port: 5432 }],
    ["[::1]:80", { host: "::1", port: 80 }],
  ])("%s is read, and written the same", (text, address) => {
    expect(parseAddress(text)).toEqual(address);
    expect(formatAddress(address)).toBe(text);
  });

  test.each(["", "host", "host:", ":80", "host:65536", "host:80/path", "::1:80", "a b:1"])("%j is refused", (text) => {
    expect(() => parseAddress(text)).toThrow("host:port");
  });
});
