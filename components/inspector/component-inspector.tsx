"use client";
import * as Tabs from "radix-ui/tabs";
import { FaultList } from "../faults/fault-list.tsx";
import { FlagFaultButtons } from "../faults/flag-fault-buttons.tsx";
import { useComponent } from "../live/use-live.ts";
import { useNow } from "../live/use-now.ts";
import { KindIcon } from "../map/kind-icon.tsx";
import { toLook, toWord } from "../map/to-node.ts";
import { PolicyList } from "../policies/policy-list.tsx";
import { componentPolicyTexts } from "../policies/policy-texts.ts";
import { HealthMark, lookColour } from "../ui/health-mark.tsx";
import { PanelSection } from "../ui/panel-section.tsx";
import { toAge, toBytes } from "../ui/to-text.ts";
import { ActionButtons } from "./action-buttons.tsx";
import { FailingTraces } from "./failing-traces.tsx";
import { LogView } from "./log-view.tsx";
import { Neighbours } from "./neighbours.tsx";
import { Numbers } from "./numbers.tsx";

const tabNames = { overview: "Calls", policies: "Policies", logs: "Logs", failing: "Failing traces" } as const;
const tabNamesInOrder = Object.keys(tabNames) as (keyof typeof tabNames)[];

export function ComponentInspector({ id }: { id: string }) {
  const component = useComponent(id);
  if (!component) return null;
  const look = toLook(component);
  const { policies, modules } = component;
  const tabs = tabNamesInOrder.filter((tab) => tab !== "policies" || policies !== undefined);
  const measures: [string, string][] = [];
  if (component.cpuRatio !== undefined) measures.push(["CPU", `${Math.round(component.cpuRatio * 100)} %`]);
  if (component.memoryBytes !== undefined) measures.push(["memory", toBytes(component.memoryBytes)]);
  return (
    <>
      <header className="px-4 pt-3 pb-2">
        <h2 tabIndex={-1} className="flex items-center gap-2 pr-8 text-xl font-semibold outline-none">
          <KindIcon kind={component.kind} />
          {id}
        </h2>
        <p className="flex items-center gap-2 text-base font-medium" style={{ color: lookColour[look] }}>
          <HealthMark look={look} />
          {toWord(component)}
          <Since since={component.since} />
        </p>
        {(component.reason ?? component.detail) && <p className="mt-1">{component.reason ?? component.detail}</p>}
        <p className="mt-1 text-muted">
          {typeof component.exitCode === "number" && `exit code ${component.exitCode} · `}
          restarts {component.restarts}
          {component.context && ` · context ${component.context}`}
        </p>
        {modules && <p className="mt-1 text-muted">modules inside: {modules.join(", ")}</p>}
      </header>
      <div className="space-y-3 px-4 pb-3">
        <ActionButtons component={component} />
        {component.obeys && <FlagFaultButtons component={id} obeys={component.obeys} />}
        <FaultList target={id} />
      </div>
      <Numbers
        figures={[
          ["rate", component.ratePerSecond, "rate"],
          ["errors", component.errorRatio, "ratio"],
          ["p95", component.p95Ms, "ms"],
        ]}
        more={measures}
      />
      <Tabs.Root defaultValue="overview">
        <Tabs.List aria-label="Inspector parts" className="flex gap-4 border-b border-line px-4">
          {tabs.map((tab) => (
            <Tabs.Trigger
              key={tab}
              value={tab}
              className="border-b-[3px] border-transparent py-1.5 font-medium text-muted data-[state=active]:border-accent data-[state=active]:text-ink"
            >
              {tabNames[tab]}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <Tabs.Content value="overview">
          <Neighbours id={id} />
        </Tabs.Content>
        <Tabs.Content value="policies">
          {policies && (
            <PanelSection title="What it does for itself">
              <PolicyList target={{ component: id }} texts={componentPolicyTexts} values={policies} />
            </PanelSection>
          )}
        </Tabs.Content>
        <Tabs.Content value="logs">
          <LogView component={id} />
        </Tabs.Content>
        <Tabs.Content value="failing">
          <FailingTraces query={`service=${encodeURIComponent(id)}`} />
        </Tabs.Content>
      </Tabs.Root>
    </>
  );
}

function Since({ since }: { since: number }) {
  return <span className="font-normal text-muted">for {toAge(useNow("second") - since)}</span>;
}
