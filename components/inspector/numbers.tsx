import { toMs, toPercent, toRate } from "../ui/to-text.ts";

type Figure = [label: string, value: number | null, unit: "rate" | "ratio" | "ms"];

/** The three figures that matter, large, and a line of lesser ones. */
export function Numbers({ figures, more }: { figures: Figure[]; more: [string, string][] }) {
  return (
    <div className="border-t border-line px-4 py-3">
      <dl className="grid grid-cols-3">
        {figures.map(([label, value, unit]) => (
          <div key={label}>
            <dd
              className={`text-xl font-semibold whitespace-nowrap ${unit === "ratio" && value ? "text-failing" : ""}`}
            >
              {unit === "ms" ? toMs(value) : unit === "rate" ? toRate(value ?? 0) : toPercent(value ?? 0)}
            </dd>
            <dt className="text-xs text-muted">{label}</dt>
          </div>
        ))}
      </dl>
      {more.length > 0 && (
        <p className="mt-2 flex flex-wrap gap-x-4 text-muted">
          {more.map(([label, value]) => (
            <span key={label} className="whitespace-nowrap">
              {label} <span className="text-ink">{value}</span>
            </span>
          ))}
        </p>
      )}
    </div>
  );
}
