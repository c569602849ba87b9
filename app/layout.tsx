import "@fontsource-variable/inter/index.css";
import "./globals.css";
import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import { Shell } from "../components/shell/shell.tsx";
import { themeScript } from "../components/shell/theme-script.ts";

export const metadata: Metadata = {
  title: "Faultline",
  description: "Click a line, break it, watch what happens.",
};

export const viewport: Viewport = { width: "device-width", initialScale: 1 };

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    // The script sets the theme before the first paint, so the server's markup differs from the browser's on purpose.
    <html lang="en" suppressHydrationWarning>
      <body>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of ours, no input reaches it */}
        <script dangerouslySetInnerHTML={{ __html: themeScript }} />
        <Shell>{children}</Shell>
      </body>
    </html>
  );
}
