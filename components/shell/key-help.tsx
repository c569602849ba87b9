"use client";
import * as Dialog from "radix-ui/dialog";
import { uiStore, useUi } from "../live/ui-store.ts";

const keys: [string, string][] = [
  ["Tab", "into the map, then on to its lines"],
  ["← → ↑ ↓", "nearest component, or nearest line, in that direction"],
  ["Enter", "open the inspector"],
  ["k", "kill the selected component"],
  ["p", "pause it, or let it go on"],
  ["s", "start it"],
  ["l", "latency on the selected line"],
  ["Shift+F10", "fault menu, as by right-click"],
  ["Esc", "back"],
  ["f", "fit the map into the window"],
  ["Shift+H", "heal everything"],
  ["m", "map"],
  ["t", "traces"],
  ["?", "these keys"],
];

export function KeyHelp() {
  const open = useUi((state) => state.keyHelpOpen);
  return (
    <Dialog.Root open={open} onOpenChange={(keyHelpOpen) => uiStore.setState({ keyHelpOpen })}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-50 bg-black/50" />
        <Dialog.Content className="fixed top-1/2 left-1/2 z-50 max-h-[90vh] w-[34rem] max-w-[94vw] -translate-x-1/2 -translate-y-1/2 overflow-auto rounded-xl border border-line bg-raised p-6 shadow-xl">
          <Dialog.Title className="text-xl font-semibold">Keys</Dialog.Title>
          <Dialog.Description className="mt-1 text-muted">
            Everything a mouse can do here, a keyboard can.
          </Dialog.Description>
          <dl className="mt-4 grid grid-cols-[max-content_1fr] gap-x-5 gap-y-2">
            {keys.map(([key, meaning]) => (
              <div key={key} className="contents">
                <dt>
                  <kbd className="rounded border border-line-strong bg-ground px-2 py-0.5 font-sans font-medium">
                    {key}
                  </kbd>
                </dt>
                <dd>{meaning}</dd>
              </div>
            ))}
          </dl>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
