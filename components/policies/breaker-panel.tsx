"use client";
import type { Breaker } from "#contract/breaker.ts";
import { type BreakerPreset, breakerPresets } from "#contract/breaker-presets.ts";
import type { EdgePolicies } from "#contract/policies.ts";
import { sendCommand } from "../live/send-command.ts";
import { useNow } from "../live/use-now.ts";
import { Select } from "../ui/select.tsx";
import { toCountdown } from "../ui/to-text.ts";
import { lets, toBreakerWord, toFailureText, toPresetName, toSharePercent, toSlowText } from "./to-breaker-text.ts";

type Policy = NonNullable<EdgePolicies["circuitBreaker"]>;

const modes: [Policy["mode"], string][] = [
  ["auto", "automatic"],
  ["forced_open", "forced open"],
  ["forced_closed", "forced closed"],
  ["disabled", "disabled"],
];

/** The breaker explained: what it does, why, and how far it is from doing something else. */
export function BreakerPanel({
  edge,
  breaker,
  policy,
}: {
  edge: string;
  breaker: Breaker | undefined;
  policy: Policy | undefined;
}) {
  return (
    <div className="space-y-2">
      {breaker ? <Explained breaker={breaker} /> : <p className="text-muted">It has not reported yet.</p>}
      {policy && (
        <Select
          label="Rules and numbers"
          className="justify-between"
          data-testid="breaker-preset"
          value={toPresetName(policy) ?? ""}
          onChange={(event) => {
            const preset = breakerPresets[event.target.value as BreakerPreset];
            void sendCommand("policy:set", { edge, policy: "circuitBreaker", value: { mode: policy.mode, ...preset } });
          }}
        >
          {toPresetName(policy) === undefined && <option value="">as it is</option>}
          {Object.keys(breakerPresets).map((name) => (
            <option key={name} value={name}>
              {name === "demo" ? "demo (for a class)" : `${name}, its defaults`}
            </option>
          ))}
        </Select>
      )}
      {policy && (
        <Select
          label="Mode"
          className="justify-between"
          data-testid="breaker-mode"
          value={policy.mode}
          onChange={(event) =>
            void sendCommand("policy:set", {
              edge,
              policy: "circuitBreaker",
              value: { ...policy, mode: event.target.value },
            })
          }
        >
          {modes.map(([mode, name]) => (
            <option key={mode} value={mode}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </div>
  );
}

function Explained({ breaker }: { breaker: Breaker }) {
  const now = useNow("tenth");
  const passes = lets(breaker.state);
  const tone = { all: "text-ink", some: "text-degraded", none: "text-failing" }[passes];
  return (
    <>
      <p className={`flex items-baseline gap-3 ${tone}`}>
        <strong data-testid="breaker-state" className="text-xl uppercase">
          {toBreakerWord(breaker.state)}
        </strong>
        {breaker.state === "open" && breaker.openUntil !== undefined && (
          <span className="text-base font-medium">half-open in {toCountdown(breaker.openUntil - now)}</span>
        )}
        {breaker.state === "half_open" && (
          <span className="text-base font-medium">
            {breaker.probes ?? 0} of {breaker.permittedProbes} probes
          </span>
        )}
      </p>
      {breaker.reason && <p>{breaker.reason}</p>}
      <Meter
        text={toFailureText(breaker)}
        share={toSharePercent(breaker.failures, breaker.calls)}
        threshold={breaker.failureRatePercent}
      />
      <Meter
        text={toSlowText(breaker)}
        share={toSharePercent(breaker.slow, breaker.calls)}
        threshold={breaker.slowRatePercent}
      />
      <p className="text-muted">
        window {toCountdown(breaker.windowMs).replace(".0", "")} · refused{" "}
        <span className="text-ink">{breaker.refused}</span> calls
      </p>
    </>
  );
}

/** How full, with a mark where it trips. */
function Meter({ text, share, threshold }: { text: string; share: number; threshold: number }) {
  const over = share >= threshold;
  return (
    <div>
      <p className="text-sm">{text}</p>
      <div className="relative mt-1 h-2.5 rounded-full bg-ground ring-1 ring-line" aria-hidden="true">
        <div
          className={`h-full rounded-full ${over ? "bg-failing" : "bg-accent"}`}
          style={{ width: `${Math.min(100, share)}%` }}
        />
        <div className="absolute -top-1 -bottom-1 w-[3px] rounded bg-ink" style={{ left: `${threshold}%` }} />
      </div>
    </div>
  );
}
