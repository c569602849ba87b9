"use client";
import { toMs } from "../ui/to-text.ts";
import { type Waterfall as Shape, toTicks, type WaterfallRow } from "./to-waterfall.ts";
import { useServiceColour } from "./use-service-colour.ts";

/** Spans as bars over one time scale, children below their parents. A click opens the span's details. */
export function Waterfall({
  waterfall,
  selected,
  onSelect,
}: {
  waterfall: Shape;
  selected: string | null;
  onSelect: (spanId: string) => void;
}) {
  const { rows, durationMs } = waterfall;
  const ticks = toTicks(durationMs);
  return (
    <div data-testid="waterfall" className="min-h-0 flex-1 overflow-auto">
      <div className="sticky top-0 z-10 grid grid-cols-[minmax(16rem,32%)_1fr] border-b border-line bg-ground text-xs text-muted">
        <div className="px-5 py-1.5">Service and operation</div>
        <div className="relative mr-20">
          {ticks.map((tick) => (
            <span
              key={tick}
              className="absolute py-1.5 pl-1 whitespace-nowrap"
              style={{ left: `${(tick / Math.max(durationMs, 0.001)) * 100}%` }}
            >
              {toMs(tick)}
            </span>
          ))}
        </div>
      </div>
      {rows.map((row) => (
        <Row key={row.span.spanId} row={row} selected={row.span.spanId === selected} onSelect={onSelect} />
      ))}
    </div>
  );
}

function Row({
  row,
  selected,
  onSelect,
}: {
  row: WaterfallRow;
  selected: boolean;
  onSelect: (spanId: string) => void;
}) {
  const { span, depth, offset, width, failed, orphan } = row;
  const colour = useServiceColour()(span.service);
  return (
    <button
      type="button"
      data-testid="waterfall-row"
      data-service={span.service}
      data-failed={failed}
      aria-pressed={selected}
      onClick={() => onSelect(span.spanId)}
      className="grid w-full grid-cols-[minmax(16rem,32%)_1fr] items-center border-b border-line/50 text-left hover:bg-accent-ground aria-pressed:bg-accent-ground"
    >
      <span
        className="flex min-w-0 items-center gap-2 py-1 pr-3"
        style={{ paddingLeft: `${1.4 + Math.min(depth, 20) * 1.1}rem` }}
      >
        <span className="h-[1.2em] w-1 shrink-0 rounded-full" style={{ background: colour }} />
        <span className="shrink-0 font-medium">{span.service}</span>
        <span className="truncate text-muted">{span.name}</span>
        {orphan && <span className="shrink-0 text-xs text-degraded">parent missing</span>}
      </span>
      <span className="relative mr-20 h-7">
        <span
          className={`absolute top-1.5 bottom-1.5 min-w-[3px] rounded-sm ${failed ? "outline-2 outline-failing" : ""}`}
          style={{ left: `${offset * 100}%`, width: `${width * 100}%`, background: colour }}
        />
        <span
          className={`absolute top-1 pl-1.5 text-sm whitespace-nowrap ${failed ? "font-semibold text-failing" : "text-muted"}`}
          style={{ left: `${Math.min(1, offset + width) * 100}%` }}
        >
          {failed && "◆ "}
          {toMs(span.durationMs)}
        </span>
      </span>
    </button>
  );
}
