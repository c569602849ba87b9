import { randomUUID } from "node:crypto";
import { HttpError } from "../kit/http-server.ts";
import type { EntryKind, Ledger, LedgerEntry } from "./ledger.ts";

/*
 * What the bank does when it is asked:
 *
 *   authorize ─▶ authorized ─┬─ capture ─▶ captured     money has moved
 *                            └─ void ────▶ voided       nothing has, and nothing will
 *
 * With an Idempotency-Key it gives the same answer to the same question and does nothing twice. Without one it does what it
 * is told, each time it is told: two requests are two authorizations, and a second capture charges a second time.
 */

/** No card here is good for more. */
const CARD_LIMIT_CENTS = 1_000_000;

export type Account = {
  /** Throws HttpError 402 when the card is declined. */
  authorize(request: { reference: string; amountCents: number }, key: string | null): LedgerEntry;
  /** Throws HttpError 404 for an unknown authorization, 409 for one that was voided. */
  capture(authorizationId: string, key: string | null): LedgerEntry;
  /** Throws HttpError 404 for an unknown authorization, 409 for one that was captured. */
  void(authorizationId: string, key: string | null): LedgerEntry;
};

export function createAccount(ledger: Ledger, now: () => number = Date.now): Account {
  // No two entries at the same time, so that whoever compares them can tell two charges from one told twice.
  let lastAt = 0;

  function note(entry: Omit<LedgerEntry, "at">): LedgerEntry {
    lastAt = Math.max(now(), lastAt + 1);
    const noted = { ...entry, at: lastAt };
    ledger.add(noted);
    return noted;
  }
  function seen(kind: EntryKind, key: string | null): LedgerEntry | undefined {
    return key === null ? undefined : ledger.findByKey(kind, key);
  }
  function expectOpen(authorizationId: string, unless: "captured" | "voided"): LedgerEntry {
    const authorization = ledger.find("authorized", authorizationId);
    if (!authorization) throw new HttpError(404, `there is no authorization ${authorizationId}`);
    if (ledger.find(unless, authorizationId))
      throw new HttpError(409, `authorization ${authorizationId} was ${unless}`);
    return authorization;
  }

  return {
    authorize({ reference, amountCents }, key) {
      if (amountCents >= CARD_LIMIT_CENTS) throw new HttpError(402, "the card is declined");
      const before = seen("authorized", key);
      return before ?? note({ kind: "authorized", authorizationId: randomUUID(), reference, amountCents, key });
    },
    capture(authorizationId, key) {
      const before = seen("captured", key);
      return before ?? note({ ...expectOpen(authorizationId, "voided"), kind: "captured", key });
    },
    void(authorizationId, key) {
      const authorization = expectOpen(authorizationId, "captured");
      // There is nothing left to void a second time, key or not.
      return ledger.find("voided", authorizationId) ?? note({ ...authorization, kind: "voided", key });
    },
  };
}
