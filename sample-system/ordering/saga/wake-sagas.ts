import { context, propagation, ROOT_CONTEXT } from "@opentelemetry/api";
import type { Database } from "../../kit/database.ts";
import { DatabaseDownError } from "../../kit/database-errors.ts";
import { log, toReason } from "../../kit/log.ts";
import type { Messaging } from "../../kit/messaging/messaging.ts";
import type { AskOutcome } from "./ask-outcome.ts";
import { type Question, takeInput } from "./run-saga.ts";
import { isAnySagaDue, lockDueSaga, lockSaga } from "./saga-store.ts";

/*
 * Wakes the sagas whose time has come, from the database alone, so that a process that has just begun goes on where the
 * last one died:
 *
 *   every LOOK_MS: due? ─▶ one transaction for each ─▶ question, if it has one ─▶ asked past any transaction ─▶ answer noted
 */
const LOOK_MS = 250;
/** Questions on their way at once. What a dead process has asked is asked again when its saga is due again. */
const MAX_QUESTIONS = 100;

export type WakeParts = {
  database: Database;
  messaging: Pick<Messaging, "transaction">;
  ask: AskOutcome;
};

export function wakeSagas({ database, messaging, ask }: WakeParts): { close(): Promise<void> } {
  const questions = new Set<Promise<void>>();
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();

  async function look() {
    try {
      if (await isAnySagaDue(database, Date.now())) await wakeAll();
    } catch (error) {
      // One that is down says so itself.
      if (!closed && !(error instanceof DatabaseDownError)) log(`sagas could not be woken: ${toReason(error)}`);
    }
    if (!closed) timer = setTimeout(begin, LOOK_MS);
  }
  function begin() {
    looking = look();
  }

  async function wakeAll() {
    while (!closed && questions.size < MAX_QUESTIONS) {
      const woken = await messaging.transaction(async (tx) => {
        const row = await lockDueSaga(tx, Date.now());
        if (!row) return undefined;
        const trace = propagation.extract(ROOT_CONTEXT, row.trace);
        return { trace, question: await context.with(trace, () => takeInput(row, { kind: "due" }, tx)) };
      });
      if (!woken) return;
      if (woken.question) begins(context.with(woken.trace, pursue, undefined, woken.question));
    }
  }
  function begins(asking: Promise<void>) {
    questions.add(asking);
    void asking.finally(() => questions.delete(asking));
  }

  /** An answer that cannot be noted is lost, and the saga due again. */
  async function pursue(question: Question) {
    const { step, round, orderId } = question;
    const answer = await ask(question);
    await messaging
      .transaction(async (tx) => {
        const row = await lockSaga(tx, orderId);
        if (row) await takeInput(row, { kind: "asked", step, round, ...answer }, tx);
      })
      .catch(() => {});
  }

  begin();
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await looking;
      await Promise.all(questions);
    },
  };
}
