import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Account, createAccount } from "./account.ts";
import { type Ledger, openLedger } from "./ledger.ts";

let folder: string;
let ledger: Ledger;
let account: Account;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bank-test-"));
  ledger = openLedger(folder);
  account = createAccount(ledger);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const request = { reference: "o1", amountCents: 500 };
const kinds = () => ledger.since(0, 100).map(({ kind }) => kind);

test("the same key gets the same answer, also after a restart, and one entry of each kind", () => {
  const first = account.authorize(request, "o1");
  expect(account.authorize(request, "o1")).toEqual(first);
  account.capture(first.authorizationId, "o1");
  const restarted = createAccount(openLedger(folder));
  expect(restarted.authorize(request, "o1")).toEqual(first);
  expect(restarted.capture(first.authorizationId, "o1")).toMatchObject({ kind: "captured", reference: "o1" });
  expect(openLedger(folder).since(0, 100)).toHaveLength(2);
});

test("without a key, each request is an authorization and each capture a charge", () => {
  const [first, second] = [account.authorize(request, null), account.authorize(request, null)];
  expect(first.authorizationId).not.toBe(second.authorizationId);
  account.capture(first.authorizationId, null);
  account.capture(first.authorizationId, null);
  expect(kinds()).toEqual(["authorized", "authorized", "captured", "captured"]);
});

test("what was voided cannot be captured, what was captured cannot be voided, and a void may come again", () => {
  const [voided, captured] = [account.authorize(request, "a"), account.authorize(request, "b")];
  account.void(voided.authorizationId, null);
  account.void(voided.authorizationId, null);
  account.capture(captured.authorizationId, "b");
  expect(() => account.capture(voided.authorizationId, "a")).toThrow(expect.objectContaining({ status: 409 }));
  expect(() => account.void(captured.authorizationId, "b")).toThrow(expect.objectContaining({ status: 409 }));
  expect(() => account.capture("nobody's", null)).toThrow(expect.objectContaining({ status: 404 }));
  expect(kinds()).toEqual(["authorized", "authorized", "voided", "captured"]);
});

test("a card is good for less than 10,000", () => {
  expect(() => account.authorize({ reference: "o1", amountCents: 1_000_000 }, "k")).toThrow(
    expect.objectContaining({ status: 402 }),
  );
  account.authorize({ reference: "o1", amountCents: 999_999 }, "k");
  expect(kinds()).toEqual(["authorized"]);
});
