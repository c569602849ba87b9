"use client";
import { type ReactNode, useEffect } from "react";
import { Toaster } from "sonner";
import { connectLive } from "../live/connect.ts";
import { setTheme, toSelection, uiStore, useUi } from "../live/ui-store.ts";
import { Announcer } from "./announcer.tsx";
import { Banners } from "./banners.tsx";
import { KeyHelp } from "./key-help.tsx";
import { themes } from "./theme-script.ts";
import { TopBar } from "./top-bar.tsx";
import { usePageKeys } from "./use-page-keys.ts";

/** Over the event list, never over the map. */
const toastStyle = {
  width: "calc(var(--side) - 32px)",
  border: "1px solid var(--line-strong)",
  background: "var(--raised)",
  color: "var(--ink)",
  fontFamily: '"Inter Variable", sans-serif',
  fontSize: "1rem",
  fontWeight: 550,
};

/** Everything around the views: opens the socket once, and stays while the views change. */
export function Shell({ children }: { children: ReactNode }) {
  useEffect(connectLive, []);
  useEffect(() => {
    const stored = themes.find((theme) => theme === document.documentElement.dataset["theme"]);
    setTheme(stored ?? "dark");
    uiStore.setState({ selection: toSelection(new URLSearchParams(window.location.search).get("select")) });
  }, []);
  usePageKeys();
  const theme = useUi((state) => state.theme);
  return (
    <div className="flex h-dvh flex-col">
      <TopBar />
      <main className="relative min-h-0 flex-1">
        <Banners />
        {children}
      </main>
      <KeyHelp />
      <Announcer />
      <Toaster
        theme={theme === "dark" ? "dark" : "light"}
        position="bottom-right"
        visibleToasts={3}
        duration={8_000}
        toastOptions={{ style: toastStyle }}
      />
    </div>
  );
}
