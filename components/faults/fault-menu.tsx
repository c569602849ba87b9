"use client";
import * as Menu from "radix-ui/context-menu";
import { type MouseEvent, type ReactNode, useState } from "react";
import { sendCommand } from "../live/send-command.ts";
import { select, useUi } from "../live/ui-store.ts";
import { useComponent, useEdge, useFaultsOn, useSystem } from "../live/use-live.ts";
import { type MenuItem, toComponentMenu, toEdgeMenu } from "./to-fault-menu.ts";

/** Right-click, long press or Shift+F10 on a card or line: the useful faults for it, each one click. */
export function FaultMenu({ children }: { children: ReactNode }) {
  const [target, setTarget] = useState<string | null>(null);
  const onContextMenu = (event: MouseEvent) => {
    const found = (event.target as Element).closest<HTMLElement>("[data-component-id], [data-edge-id]")?.dataset;
    const id = found?.["componentId"] ?? found?.["edgeId"] ?? null;
    setTarget(id);
    if (id) select(id);
    // Nothing was hit: neither our menu nor the browser's, which would cover the map in the middle of a lesson.
    else event.preventDefault();
  };
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger asChild onContextMenu={onContextMenu}>
        <div className="h-full">{children}</div>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Content className="z-50 min-w-72 rounded-xl border border-line bg-raised p-1.5 shadow-xl">
          {target && <Items target={target} />}
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  );
}

function Items({ target }: { target: string }) {
  const component = useComponent(target);
  const edge = useEdge(target);
  const faults = useFaultsOn(target);
  const system = useSystem();
  const leaseMs = useUi((state) => state.leaseMs);
  const items = component ? toComponentMenu(component, system, leaseMs) : edge ? toEdgeMenu(edge, faults, leaseMs) : [];
  return (
    <>
      <Menu.Label className="px-3 pt-1.5 pb-2 text-base font-semibold">{target.replace("->", " → ")}</Menu.Label>
      {items.map((item) => (
        <Item key={item.id} item={item} />
      ))}
    </>
  );
}

function Item({ item }: { item: MenuItem }) {
  return (
    <Menu.Item
      data-testid={`menu-${item.id}`}
      onSelect={() => void sendCommand(item.command.name, item.command.input as never)}
      className="cursor-pointer rounded-lg px-3 py-1.5 outline-none data-[highlighted]:bg-accent-ground"
    >
      <div className="font-medium">{item.label}</div>
      <div className="text-xs text-muted">{item.effect}</div>
    </Menu.Item>
  );
}
