import type { ReactNode } from "react";

/** A headed part of a panel. */
export function PanelSection({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className="border-t border-line px-4 py-2.5">
      <div className="mb-1.5 flex items-center justify-between gap-2">
        <h3 className="text-sm font-semibold text-muted">{title}</h3>
        {aside}
      </div>
      {children}
    </section>
  );
}
