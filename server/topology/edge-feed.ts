import type { EdgeStats } from "#contract/agent-api.ts";
import type { Breaker } from "#contract/breaker.ts";
import type { EdgeModel } from "../system/model.ts";
import { type RedReading, RedWindow, readRed } from "../telemetry/red-window.ts";
import type { StoredSpan } from "../telemetry/span.ts";
import { callOutcome, isConnect, neverConnected } from "../telemetry/span-meaning.ts";

/** The agent tells five times a second; what it said of open requests is void when it has been silent this long. */
const STATS_STALE_MS = 1_000;

/*
 * What is known of one edge's traffic:
 *
 *   agent ── requests (HTTP) or connections ──▶ counted ─┐
 *   caller's spans ── calls, messages ─────────▶ spans ──┴─▶ read(): one account of rate, errors, durations
 *
 * On HTTP edges the agent's count is the account, since it sees every request; the spans add only those that the agent
 * never saw, because its listener refused them. On other edges the spans are the account, and refused connections are
 * failures; where there are no spans either, connections stand for calls.
 */
export class EdgeFeed {
  readonly model: EdgeModel;
  openConnections = 0;
  breaker: Breaker | null = null;
  steadyMs: number | null = null;
  private readonly counted = new RedWindow();
  private readonly spans = new RedWindow();
  /** Its counts are bytes. */
  private readonly bytes = new RedWindow();
  private oldestMs: number | null = null;
  private statsAt = 0;

  constructor(model: EdgeModel) {
    this.model = model;
  }

  private get isHttp(): boolean {
    return this.model.protocol === "http";
  }

  addStats(nowMs: number, stats: EdgeStats): void {
    this.statsAt = nowMs;
    this.openConnections = stats.openConnections;
    this.oldestMs = stats.inFlight > 0 ? stats.oldestMs : null;
    const { connectErrors } = stats;
    // Connections include those that failed; requests cannot.
    const calls = this.isHttp ? stats.requests + connectErrors : stats.connections;
    if (calls > 0) {
      this.counted.add(nowMs, {
        count: calls,
        errors: connectErrors + (this.isHttp ? stats.serverErrors + stats.unanswered : 0),
        clientErrors: this.isHttp ? stats.clientErrors : 0,
        latency: this.isHttp ? stats.latency : [],
      });
    }
    const bytes = stats.bytesUp + stats.bytesDown;
    if (bytes > 0) this.bytes.add(nowMs, { count: bytes, errors: 0, clientErrors: 0, latency: [] });
  }

  /** The agent says nothing of an edge on which nothing happens and nothing is open. */
  addSilence(): void {
    this.openConnections = 0;
    this.oldestMs = null;
  }

  addSpan(atMs: number, span: StoredSpan): void {
    const { failed, clientError, micros } = callOutcome(span);
    if (span.kind === "consumer") {
      // Its own failure, and the time that it takes, are not its edge's.
      this.spans.addCall(atMs, null, false);
      return;
    }
    if (isConnect(span) && !failed) return;
    this.spans.addCall(atMs, micros, failed, clientError);
    if (this.isHttp && neverConnected(span)) this.counted.addCall(atMs, null, true);
  }

  /** The windows that hold its account, for merging with others'. */
  account(): RedWindow[] {
    const first = this.isHttp ? this.counted : this.spans;
    const second = this.isHttp ? this.spans : this.counted;
    return [Number.isFinite(first.since) || !Number.isFinite(second.since) ? first : second];
  }

  waitingMs(nowMs: number): number | null {
    return nowMs - this.statsAt > STATS_STALE_MS ? null : this.oldestMs;
  }

  read(nowMs: number, seconds: number): RedReading {
    const waitingMs = this.waitingMs(nowMs);
    const account = this.account();
    const reading = readRed(account, nowMs, seconds, waitingMs === null ? [] : [waitingMs]);
    if (!this.isHttp && account[0] === this.spans) {
      // A refused connection that no span tells of is a failed call too.
      const refused = Math.max(0, readRed([this.counted], nowMs, seconds).errors - reading.errors);
      reading.count += refused;
      reading.errors += refused;
    }
    return reading;
  }

  bytesPerSecond(nowMs: number, seconds: number): number {
    return readRed([this.bytes], nowMs, seconds).ratePerSecond;
  }
}
