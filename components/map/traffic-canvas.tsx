"use client";
import { useStoreApi, useViewport, ViewportPortal } from "@xyflow/react";
import { useEffect, useRef } from "react";
import { liveStore } from "../live/live-store.ts";
import { lets } from "../policies/to-breaker-text.ts";
import { toSwitchPlace } from "./breaker-switch.tsx";
import { type Line, pointAt } from "./to-line.ts";
import { type Dot, type Flow, step, toShare } from "./traffic.ts";

/** 30 pictures a second: enough for dots, half the work. */
const FRAME_MS = 33;

/**
 * All traffic on one canvas between the lines and the labels. It lies in the viewport but undoes its transform, so that
 * its pixels stay those of the screen.
 */
export function TrafficCanvas({
  lines,
  related,
}: {
  lines: Record<string, Line>;
  related: ReadonlySet<string> | null;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const store = useStoreApi();
  const { x, y, zoom } = useViewport();
  const current = useRef({ lines, related });
  current.current = { lines, related };

  useEffect(() => {
    const still = window.matchMedia("(prefers-reduced-motion: reduce)");
    let dots: Dot[] = [];
    let last = performance.now();
    let frame = 0;
    const draw = (now: number) => {
      frame = requestAnimationFrame(draw);
      const elapsed = now - last;
      if (elapsed < FRAME_MS || !canvas.current) return;
      last = now;
      // After a pause (hidden page, busy machine) the dots go on where they were.
      dots = still.matches ? [] : step(dots, toFlows(current.current.lines), Math.min(elapsed, 100), Math.random);
      const { transform, width, height } = store.getState();
      paint(canvas.current, dots, current.current, transform, width, height);
    };
    // The browser calls no animation frames on a hidden page, which is the pause we want.
    frame = requestAnimationFrame(draw);
    return () => cancelAnimationFrame(frame);
  }, [store]);

  return (
    <ViewportPortal>
      {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: a canvas without tabindex takes no focus */}
      <canvas
        ref={canvas}
        className="traffic"
        aria-hidden="true"
        style={{ transform: `translate(${-x / zoom}px, ${-y / zoom}px) scale(${1 / zoom})` }}
      />
    </ViewportPortal>
  );
}

function toFlows(lines: Record<string, Line>): Flow[] {
  const { edges, connection } = liveStore.getState();
  if (connection.state !== "live") return [];
  return Object.values(edges).flatMap(({ id, ratePerSecond, errorRatio, p50Ms, breaker }) => {
    const line = lines[id];
    if (!line || ratePerSecond === 0) return [];
    const turn = breaker && lets(breaker.state) === "none" ? toSwitchPlace(line) : 1;
    return [{ id, ratePerSecond, errorRatio, latencyMs: p50Ms ?? 10, turn }];
  });
}

function paint(
  canvas: HTMLCanvasElement,
  dots: Dot[],
  { lines, related }: { lines: Record<string, Line>; related: ReadonlySet<string> | null },
  [x, y, zoom]: [number, number, number],
  width: number,
  height: number,
): void {
  const ratio = Math.min(2, window.devicePixelRatio);
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext("2d");
  if (!context) return;
  const style = getComputedStyle(canvas);
  const colours = { calm: style.getPropertyValue("--accent"), failed: style.getPropertyValue("--failing") };
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.setTransform(ratio * zoom, 0, 0, ratio * zoom, ratio * x, ratio * y);
  context.lineWidth = 1.5;
  context.strokeStyle = style.getPropertyValue("--ground");
  for (const dot of dots) {
    const line = lines[dot.edge];
    if (!line) continue;
    const point = pointAt(line, toShare(dot));
    context.globalAlpha = related && !related.has(dot.edge) ? 0.22 : 1;
    context.fillStyle = dot.failed ? colours.failed : colours.calm;
    context.beginPath();
    if (dot.failed) {
      context.moveTo(point.x, point.y - 8);
      context.lineTo(point.x + 8, point.y);
      context.lineTo(point.x, point.y + 8);
      context.lineTo(point.x - 8, point.y);
      context.closePath();
    } else context.arc(point.x, point.y, 4.5, 0, Math.PI * 2);
    context.fill();
    context.stroke();
  }
}
