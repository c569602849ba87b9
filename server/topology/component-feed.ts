import type { ServiceModel } from "../system/model.ts";
import { type RedReading, RedWindow, readRed } from "../telemetry/red-window.ts";
import type { StoredSpan } from "../telemetry/span.ts";
import { callOutcome } from "../telemetry/span-meaning.ts";
import { type ComponentLife, newLife } from "./component-life.ts";
import type { EdgeFeed } from "./edge-feed.ts";

/** What is known of one component: its life from the runtime, its work from its own spans, else from those around it. */
export class ComponentFeed {
  readonly model: ServiceModel;
  life: ComponentLife;
  usage: { cpuRatio: number; memoryBytes: number } | null = null;
  steadyMs: number | null = null;
  readonly incoming: EdgeFeed[] = [];
  readonly outgoing: EdgeFeed[] = [];
  private readonly work = new RedWindow();

  constructor(model: ServiceModel, nowMs: number) {
    this.model = model;
    this.life = newLife(nowMs);
  }

  /** A server or consumer span. */
  addSpan(atMs: number, span: StoredSpan): void {
    const { failed, clientError, micros } = callOutcome(span);
    this.work.addCall(atMs, micros, failed, clientError);
  }

  /** Whether `read` is its own account. */
  get tells(): boolean {
    return Number.isFinite(this.work.since);
  }

  read(nowMs: number, seconds: number): RedReading {
    if (this.tells) return readRed([this.work], nowMs, seconds);
    const around = this.model.client ? this.outgoing : this.incoming;
    return readRed(
      around.flatMap((edge) => edge.account()),
      nowMs,
      seconds,
    );
  }
}
