"use client";
import type { EdgePolicies } from "#contract/policies.ts";
import { sendCommand } from "../live/send-command.ts";
import { NumberField } from "../ui/number-field.tsx";
import { Switch } from "../ui/switch.tsx";

/** What the caller does to protect itself on this line; each change applies at once. */
export function EdgePolicyList({ edge, policies }: { edge: string; policies: EdgePolicies }) {
  const { timeout, bulkhead, fallback } = policies;
  const set = (policy: "timeout" | "bulkhead" | "fallback", value: Record<string, unknown>) =>
    void sendCommand("policy:set", { edge, policy, value });
  return (
    <div className="space-y-2">
      {timeout && (
        <Row>
          <Switch
            label="Timeout"
            checked={timeout.enabled}
            onChange={(enabled) => set("timeout", { ...timeout, enabled })}
          />
          <NumberField
            label="after"
            unit="ms"
            value={timeout.timeoutMs}
            min={1}
            max={600_000}
            onCommit={(timeoutMs) => set("timeout", { ...timeout, timeoutMs })}
          />
        </Row>
      )}
      {bulkhead && (
        <Row>
          <Switch
            label="Bulkhead"
            checked={bulkhead.enabled}
            onChange={(enabled) => set("bulkhead", { ...bulkhead, enabled })}
          />
          <NumberField
            label="at most"
            unit="calls"
            value={bulkhead.maxConcurrent}
            min={1}
            max={10_000}
            onCommit={(maxConcurrent) => set("bulkhead", { ...bulkhead, maxConcurrent })}
          />
        </Row>
      )}
      {fallback && (
        <Row>
          <Switch label="Fallback" checked={fallback.enabled} onChange={(enabled) => set("fallback", { enabled })} />
        </Row>
      )}
    </div>
  );
}

function Row({ children }: { children: React.ReactNode }) {
  return <div className="flex flex-wrap items-center justify-between gap-2">{children}</div>;
}
