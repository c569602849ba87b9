"use client";
import { TriangleAlert } from "lucide-react";
import { FaultControls } from "../faults/fault-controls.tsx";
import { LeaseSelect } from "../faults/lease-select.tsx";
import { useEdge } from "../live/use-live.ts";
import { BreakerPanel } from "../policies/breaker-panel.tsx";
import { PolicyList } from "../policies/policy-list.tsx";
import { edgePolicyTexts } from "../policies/policy-texts.ts";
import { HealthMark, lookColour } from "../ui/health-mark.tsx";
import { PanelSection } from "../ui/panel-section.tsx";
import { toBytes, toMs, toPercent } from "../ui/to-text.ts";
import { FailingTraces } from "./failing-traces.tsx";
import { Numbers } from "./numbers.tsx";

export function EdgeInspector({ id }: { id: string }) {
  const edge = useEdge(id);
  if (!edge) return null;
  const { policies, breaker } = edge;
  return (
    <>
      <header className="px-4 pt-3 pb-2">
        <h2 tabIndex={-1} className="pr-8 text-xl font-semibold outline-none">
          {edge.caller} → {edge.callee}
        </h2>
        <p className="flex items-center gap-2 text-base font-medium" style={{ color: lookColour[edge.health] }}>
          <HealthMark look={edge.health} />
          {edge.health}
          <span className="font-normal text-muted">{edge.protocol}</span>
        </p>
        {edge.reason && <p className="mt-1">{edge.reason}</p>}
      </header>
      <Numbers
        figures={[
          ["rate", edge.ratePerSecond, "rate"],
          ["errors", edge.errorRatio, "ratio"],
          ["p95", edge.p95Ms, "ms"],
        ]}
        more={[
          ["4xx", toPercent(edge.clientErrorRatio)],
          ["p50", toMs(edge.p50Ms)],
          ["p99", toMs(edge.p99Ms)],
          ["connections", String(edge.openConnections)],
          ["data", `${toBytes(edge.bytesPerSecond)}/s`],
        ]}
      />
      <PanelSection title="Faults" aside={<LeaseSelect target={id} />}>
        <FaultControls edge={id} protocol={edge.protocol} />
      </PanelSection>
      {(breaker || policies?.circuitBreaker) && (
        <PanelSection title="Circuit breaker">
          <BreakerPanel edge={id} breaker={breaker} policy={policies?.circuitBreaker} />
        </PanelSection>
      )}
      {policies && Object.keys(policies).some((name) => name !== "circuitBreaker") && (
        <PanelSection title="Policies of the caller">
          <PolicyList target={{ edge: id }} texts={edgePolicyTexts} values={policies} />
          {edge.policyWarnings?.map((warning) => (
            <p key={warning} data-testid="policy-warning" className="mt-2 flex items-start gap-2">
              <TriangleAlert size="1.15em" aria-hidden="true" className="mt-[0.12em] shrink-0 text-degraded" />
              {warning}
            </p>
          ))}
        </PanelSection>
      )}
      <PanelSection title="Failing traces">
        <div className="-mx-4 -my-2">
          <FailingTraces query={`edge=${encodeURIComponent(id)}`} />
        </div>
      </PanelSection>
    </>
  );
}
