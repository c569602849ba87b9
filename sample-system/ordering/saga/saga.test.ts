import { expect, test } from "vitest";
import { advance, begin } from "./saga.ts";
import { type Effect, type Input, needsHelp, type Outcome, type Saga } from "./state.ts";
import { replies, steps } from "./steps.ts";

/*
 * Each play tells one order's story: at a time (s), an input; and what the saga then does. A time without an input lets
 * the clock run until something is due.
 */
/** Plays until `forS`, answering each question at once with what `answers` has next; the last answer stays. */
function play({ at = {}, answers = ["unreachable"], forS }: Play) {
  const story: string[] = [];
  const events = Object.entries(at).map(([second, event]) => ({ at: Number(second) * 1_000, event }));
  events.sort((a, b) => a.at - b.at);
  let asked = 0;
  let now = 0;
  let saga: Saga;

  function take(next: { saga: Saga; effects: Effect[] }) {
    saga = next.saga;
    for (const effect of next.effects) {
      story.push(`${now / 1_000} ${effect.step} ${effect.command} ${effect.outcome}`);
      if (effect.do !== "ask") continue;
      const outcome = answers[Math.min(asked++, answers.length - 1)] as Outcome;
      take(advance(saga, { kind: "asked", step: effect.step, round: effect.round, outcome }, now));
    }
  }
  const { effects, saga: first } = begin(0);
  saga = first;
  take({ saga: first, effects });
  while (true) {
    const event = events[0];
    const dueAt = saga.dueAt ?? Number.POSITIVE_INFINITY;
    const next = Math.min(event?.at ?? Number.POSITIVE_INFINITY, dueAt, forS * 1_000);
    if (next === Number.POSITIVE_INFINITY || next >= forS * 1_000) return { story, saga };
    now = next;
    if (event && event.at <= dueAt) {
      events.shift();
      for (const one of [event.event].flat()) take(advance(saga, toInput(one), now));
    } else take(advance(saga, { kind: "due" }, now));
  }
}
type Play = { at?: Record<number, string | string[]>; answers?: Outcome[]; forS: number };
const toInput = (name: string): Input => ({ kind: "reply", name });

const allWell = { 0.1: "StockReserved", 0.2: "PaymentAuthorized", 0.3: "ShipmentBooked" };

test("all is well: every step is sent when the one before has answered, then the order is CONFIRMED", () => {
  const { story, saga } = play({ at: { ...allWell, 0.4: "PaymentCaptured", 0.5: "StockCommitted" }, forS: 100 });
  expect(story).toEqual([
    "0 T1 order PENDING",
    "0 T2 ReserveStock sent",
    "0.1 T2 ReserveStock answered",
    "0.1 T3 AuthorizePayment sent",
    "0.2 T3 AuthorizePayment answered",
    "0.2 T4 BookShipment sent",
    "0.3 T4 BookShipment answered",
    "0.3 T5 CapturePayment sent",
    "0.4 T5 CapturePayment answered",
    "0.4 T6 CommitStock sent",
    "0.5 T6 CommitStock answered",
    "0.5 T7 order CONFIRMED",
  ]);
  expect(saga).toEqual({ phase: "over", dueAt: null });
});

const undoAll = ["CancelShipment", "VoidPayment", "ReleaseStock"];
const undone = ["ShipmentCancelled", "PaymentVoided", "StockReleased"];

test.each([
  ["T2", { 0.1: "StockRejected" }, undoAll.slice(2), undone.slice(2)],
  ["T3", { 0.1: "StockReserved", 0.2: "PaymentDeclined" }, undoAll.slice(1), undone.slice(1)],
  ["T4", { 0.1: "StockReserved", 0.2: "PaymentAuthorized", 0.3: "ShipmentRejected" }, undoAll, undone],
])("refused at %s: what was sent is undone backwards, and the customer told when it is", (_step, at, undo, answers) => {
  const { story, saga } = play({ at: { ...at, 0.5: answers }, forS: 100 });
  expect(story.filter((line) => undo.some((command) => line.endsWith(`${command} sent`)))).toHaveLength(undo.length);
  expect(story.filter((line) => line.includes(" order "))).toEqual(["0 T1 order PENDING", "0.5 T1 order CANCELLED"]);
  expect(story.filter((line) => line.endsWith(" compensated"))).toHaveLength(undo.length);
  expect(saga.phase).toBe("over");
});

test("only no shipping: the customer is told when money and stock are back; the shipment is cancelled when it can be", () => {
  const at = { 0.1: "StockReserved", 0.2: "PaymentAuthorized", 0.3: "ShipmentRejected", 0.4: undone.slice(1) };
  const before = play({ at, forS: 5 });
  expect(before.story).toContain("0.4 T1 order CANCELLED");
  expect(before.saga).toMatchObject({ phase: "compensating", pending: ["T4"] });
  expect(before.story.slice(-2)).toEqual(["1.3 T4 CancelShipment sent again", "3.3 T4 CancelShipment sent again"]);
  const after = play({ at: { ...at, 5: "ShipmentCancelled" }, forS: 100 });
  expect(after.saga.phase).toBe("over");
  expect(after.story.filter((line) => line.includes("CANCELLED"))).toHaveLength(1);
});

test("no reply and found done: the saga goes on as if it had been told", () => {
  const { story } = play({ answers: ["done"], forS: 4.1 });
  expect(story.slice(2)).toEqual([
    "4 T2 ReserveStock unknown",
    "4 T2 ReserveStock asked",
    "4 T2 ReserveStock found done",
    "4 T3 AuthorizePayment sent",
  ]);
});

test("no reply and found refused: the saga compensates", () => {
  const { saga } = play({ answers: ["refused"], forS: 4.1 });
  expect(saga).toMatchObject({ phase: "compensating", pending: ["T2"], reason: "inventory refused" });
});

test("who never heard of it is sent the command once more, then it is given up", () => {
  const { story, saga } = play({ answers: ["unknown"], forS: 8.5 });
  expect(story.slice(2)).toEqual([
    "4 T2 ReserveStock unknown",
    "4 T2 ReserveStock asked",
    "4 T2 ReserveStock sent again",
    "8 T2 ReserveStock asked",
    "8 T2 ReleaseStock sent",
  ]);
  expect(saga).toMatchObject({ reason: "inventory does not know of the order" });
});

test.each([
  ["T2", {}, 64, 9, "inventory"],
  ["T3", { 1: "StockReserved" }, 67, 9, "payments"],
  ["T4", { 1: "StockReserved", 2: "PaymentAuthorized" }, 12, 3, "shipping"],
])(
  "%s in progress or unreachable: asked again with growing pauses until its patience ends",
  (_step, at, end, asks, who) => {
    const { story, saga } = play({ at, answers: ["in_progress", "unreachable"], forS: end + 0.5 });
    expect(story.filter((line) => line.endsWith(" asked"))).toHaveLength(asks);
    expect(saga).toMatchObject({ phase: "compensating", reason: `${who} did not answer in time` });
    expect(story.find((line) => line.endsWith("given up"))).toMatch(new RegExp(`^${end} `));
  },
);

test("an outage shorter than the patience is only a delay", () => {
  const { story } = play({ answers: ["unreachable", "unreachable", "in_progress", "done"], forS: 30 });
  expect(story).toContain("11 T2 ReserveStock found done");
});

test("after the pivot only forward: sent again with growing pauses for ever, with a call for help after eight", () => {
  const { story, saga } = play({ at: allWell, forS: 200 });
  const sent = story.filter((line) => line.includes("CapturePayment sent"));
  expect(sent.slice(0, 6).map((line) => Number.parseFloat(line))).toEqual([0.3, 1.3, 3.3, 7.3, 15.3, 25.3]);
  expect(sent).toHaveLength(23);
  expect(story.filter((line) => line.endsWith("needs help"))).toEqual(["55.3 T5 CapturePayment needs help"]);
  expect(needsHelp(saga)).toBe(true);
  expect(needsHelp(advance(saga, toInput("PaymentCaptured"), 0).saga)).toBe(false);
});

test("compensations are sent again for ever, with a call for help after eight", () => {
  const { story, saga } = play({ at: { 0.1: "StockRejected" }, forS: 200 });
  expect(story.filter((line) => line.includes("ReleaseStock sent"))).toHaveLength(23);
  expect(story.filter((line) => line.endsWith("needs help"))).toHaveLength(1);
  expect(needsHelp(saga)).toBe(true);
});

test("an answer to an older question counts only when it decides", () => {
  const old: Saga = { phase: "forward", step: "T2", sends: 1, asks: 2, deadlineAt: 4_000, dueAt: 9_000 };
  const answer = (outcome: Outcome) => advance(old, { kind: "asked", step: "T2", round: 1, outcome }, 7_000);
  expect(answer("unknown")).toEqual({ saga: old, effects: [] });
  expect(answer("in_progress")).toEqual({ saga: old, effects: [] });
  expect(answer("done").saga).toMatchObject({ step: "T3" });
  expect(advance(old, { kind: "asked", step: "T3", round: 2, outcome: "done" }, 7_000).saga).toBe(old);
});

test("what does not fit changes nothing: every reply in every state, once it has been taken", () => {
  const states = reachable();
  expect(states.length).toBeGreaterThan(15);
  for (const saga of states) {
    for (const name of replies) {
      const { saga: next, effects } = advance(saga, toInput(name), 10);
      const again = advance(next, toInput(name), 20);
      expect(again, `${JSON.stringify(saga)} ${name} twice`).toEqual({ saga: next, effects: [] });
      if (saga.phase === "over") expect(effects).toEqual([]);
    }
  }
});

test("from every state there is a way to the end, and something is due until then", () => {
  for (const saga of reachable()) {
    if (saga.phase !== "over") expect(saga.dueAt).toBeGreaterThan(0);
    let current = saga;
    for (const name of [...steps.map(({ done }) => done), ...undone])
      current = advance(current, toInput(name), 10).saga;
    expect(current.phase).toBe("over");
  }
});

test("the pivot: no step that can be refused comes after one that cannot", () => {
  const decided = steps.map(({ decision }) => decision !== undefined);
  expect(decided).toEqual(decided.toSorted().reverse());
  expect(new Set(replies).size).toBe(replies.length);
});

/** All states that replies alone lead to. */
function reachable(): Saga[] {
  const seen = new Map<string, Saga>();
  const visit = (saga: Saga) => {
    const key = JSON.stringify(saga);
    if (seen.has(key)) return;
    seen.set(key, saga);
    for (const name of replies) visit(advance(saga, toInput(name), 0).saga);
  };
  visit(begin(0).saga);
  return [...seen.values()];
}
