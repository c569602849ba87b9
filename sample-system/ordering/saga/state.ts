import { toStep } from "./steps.ts";

/*
 * What the saga of one order knows, what it can be told, and what it wants done. All times are epoch milliseconds.
 */
export type Saga = Forward | Compensating | Over;
export type Forward = {
  phase: "forward";
  step: string;
  sends: number;
  /** Questions asked about this step; an answer to an older one is not counted. */
  asks: number;
  /** When the outcome of the first send became unknown. */
  deadlineAt: number;
  dueAt: number;
};
export type Compensating = {
  phase: "compensating";
  /** Steps not undone yet. */
  pending: string[];
  reason: string;
  cancelled: boolean;
  sends: number;
  dueAt: number;
};
type Over = { phase: "over"; dueAt: null };

export type Outcome = "done" | "refused" | "unknown" | "in_progress" | "unreachable";
export type Input =
  | { kind: "reply"; name: string; reason?: string | undefined }
  /** The time that the state's `dueAt` names has come. */
  | { kind: "due" }
  /** What came of asking; `round` is the effect's. */
  | { kind: "asked"; step: string; round: number; outcome: Outcome; reason?: string | undefined };

/** Each effect is also a line in the order's history and a span in its trace: step, command, outcome. */
export type Effect = { step: string; command: string; outcome: string; reason?: string; compensation?: true } & (
  | { do: "note" | "send" | "confirm" | "cancel" }
  | { do: "ask"; round: number }
);
export type Transition = { saga: Saga; effects: Effect[] };

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 10_000;
/** Sends without an answer, of what is sent until it is done, after which somebody should look. */
const HELP_AFTER_SENDS = 8;

/** The pause after the nth try: 1 s doubling to 10 s. */
export function pauseMs(tries: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(tries - 1, 10));
}

/** What cannot be given up has been sent so often that somebody should look; it is sent on. */
export function needsHelp(saga: Saga): boolean {
  if (saga.phase === "over" || saga.sends <= HELP_AFTER_SENDS) return false;
  return saga.phase === "compensating" || !toStep(saga.step).decision;
}

/** One note, when that line is crossed. */
export function callForHelp(before: Saga, after: Saga, step: string, command: string): Effect[] {
  return needsHelp(after) && !needsHelp(before) ? [{ do: "note", step, command, outcome: "needs help" }] : [];
}
