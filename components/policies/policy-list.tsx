"use client";
import type { PolicyName } from "#contract/policies.ts";
import { sendCommand } from "../live/send-command.ts";
import { NumberField } from "../ui/number-field.tsx";
import { Switch } from "../ui/switch.tsx";
import type { PolicyText } from "./policy-texts.ts";

type Values = Record<string, Record<string, unknown> | undefined>;

/** The policies that a component or the caller on an edge has, each with its switch and numbers; a change applies at once. */
export function PolicyList({
  target,
  texts,
  values,
}: {
  target: { edge: string } | { component: string };
  texts: Record<string, PolicyText>;
  values: Values;
}) {
  return (
    <ul className="space-y-2">
      {Object.entries(texts).map(([policy, text]) => {
        const value = values[policy];
        if (!value) return null;
        const set = (change: Record<string, unknown>) =>
          void sendCommand("policy:set", { ...target, policy: policy as PolicyName, value: { ...value, ...change } });
        return <PolicyRow key={policy} policy={policy} text={text} value={value} onChange={set} />;
      })}
    </ul>
  );
}

function PolicyRow({
  policy,
  text,
  value,
  onChange,
}: {
  policy: string;
  text: PolicyText;
  value: Record<string, unknown>;
  onChange: (change: Record<string, unknown>) => void;
}) {
  const { enabled } = value;
  return (
    <li data-testid={`policy-${policy}`} className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
      <div title={text.effect}>
        {typeof enabled === "boolean" ? (
          <Switch label={text.label} checked={enabled} onChange={(next) => onChange({ enabled: next })} />
        ) : (
          <span>{text.label}</span>
        )}
      </div>
      <div className="flex flex-wrap justify-end gap-2">
        {text.fields.map(({ key, ...field }) => (
          <NumberField
            key={key}
            {...field}
            value={Number(value[key] ?? 0)}
            onCommit={(next) => onChange({ [key]: next })}
          />
        ))}
      </div>
    </li>
  );
}
