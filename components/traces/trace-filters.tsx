"use client";
import { useLive } from "../live/use-live.ts";
import { NumberField } from "../ui/number-field.tsx";
import { Select } from "../ui/select.tsx";
import type { TraceFilter } from "./to-trace-query.ts";

export function TraceFilters({ filter, onChange }: { filter: TraceFilter; onChange: (filter: TraceFilter) => void }) {
  const components = useLive((state) => state.shape.components);
  return (
    <>
      <Select
        label="Service"
        data-testid="filter-service"
        value={filter.service}
        onChange={(event) => onChange({ ...filter, service: event.target.value })}
      >
        <option value="">all</option>
        {components.map(({ id }) => (
          <option key={id}>{id}</option>
        ))}
      </Select>
      <Select
        label="Outcome"
        data-testid="filter-status"
        value={filter.status}
        onChange={(event) => onChange({ ...filter, status: event.target.value as TraceFilter["status"] })}
      >
        <option value="">all</option>
        <option value="ok">ok</option>
        <option value="error">error</option>
      </Select>
      <NumberField
        label="At least"
        unit="ms"
        value={filter.minMs}
        min={0}
        max={600_000}
        onCommit={(minMs) => onChange({ ...filter, minMs })}
      />
    </>
  );
}
