"use client";
import { CircleHelp } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { uiStore, useUi } from "../live/ui-store.ts";
import { useLive } from "../live/use-live.ts";
import { Button } from "../ui/button.tsx";
import { ConnectionMark } from "./connection-mark.tsx";
import { HealButton } from "./heal-button.tsx";
import { LoadControl } from "./load-control.tsx";
import { PresetSwitch } from "./preset-switch.tsx";
import { ThemeSwitch } from "./theme-switch.tsx";
import { toRuntimeText } from "./to-system-text.ts";
import { UserView } from "./user-view.tsx";

export function TopBar() {
  return (
    <header className="flex flex-wrap items-center gap-x-[1.1rem] gap-y-2 border-b border-line bg-surface px-4 py-2.5">
      <SystemName />
      <Views />
      <div className="mx-auto">
        <UserView />
      </div>
      <LoadControl />
      <PresetSwitch />
      <HealButton />
      <div className="flex items-center">
        <ThemeSwitch />
        <Button
          size="icon"
          tone="ghost"
          aria-label="Keys"
          title="Keys (?)"
          onClick={() => uiStore.setState({ keyHelpOpen: true })}
        >
          <CircleHelp size="1.3em" aria-hidden="true" />
        </Button>
      </div>
    </header>
  );
}

function SystemName() {
  const system = useLive((state) => state.system);
  const count = useLive((state) => state.shape.components.length);
  const runtime = system && toRuntimeText(system.runtime, count);
  return (
    <div className="min-w-0 leading-tight">
      <h1 className="flex items-center gap-2 text-lg font-semibold whitespace-nowrap">
        <ConnectionMark />
        {system?.name ?? "Faultline"}
      </h1>
      <p data-testid="runtime" className="text-xs whitespace-nowrap text-muted">
        {runtime ? runtime.where : "Click a line, break it, watch what happens"}
        {runtime && <span className="runtime-count">, {runtime.size}</span>}
      </p>
    </div>
  );
}

function Views() {
  const path = usePathname();
  const selection = useUi((state) => state.selection);
  const views = [
    { href: selection ? `/?select=${encodeURIComponent(selection.id)}` : "/", name: "Map", active: path === "/" },
    { href: "/traces", name: "Traces", active: path.startsWith("/traces") },
  ];
  return (
    <nav aria-label="Views" className="flex self-stretch">
      {views.map(({ href, name, active }) => (
        <Link
          key={name}
          href={href}
          aria-current={active ? "page" : undefined}
          className="-mb-2.5 flex items-center border-b-[3px] border-transparent px-2.5 pb-2 font-medium text-muted hover:text-ink aria-[current=page]:border-accent aria-[current=page]:text-ink"
        >
          {name}
        </Link>
      ))}
    </nav>
  );
}
