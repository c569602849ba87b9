"use client";
import { Moon, Presentation, Sun } from "lucide-react";
import { setTheme, useUi } from "../live/ui-store.ts";
import { Button } from "../ui/button.tsx";
import { themes } from "./theme-script.ts";

const icons = { dark: Moon, light: Sun, projector: Presentation };

/** One button that goes through the themes: dark, light, projector. */
export function ThemeSwitch() {
  const theme = useUi((state) => state.theme);
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? "dark";
  const Icon = icons[theme];
  return (
    <Button
      size="icon"
      tone="ghost"
      data-testid="theme-switch"
      aria-label={`Theme: ${theme}. Change to ${next}`}
      title={`Theme: ${theme}`}
      onClick={() => setTheme(next)}
    >
      <Icon size="1.3em" aria-hidden="true" />
    </Button>
  );
}
