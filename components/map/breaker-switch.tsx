import type { Breaker } from "#contract/breaker.ts";
import { lets } from "../policies/to-breaker-text.ts";
import { type Line, pointAt } from "./to-line.ts";

/** The breaker belongs to the caller, so its switch sits near the caller's end of the line; share of the way. */
export function toSwitchPlace(line: Line): number {
  return Math.min(0.5, 52 / Math.max(1, line.length));
}

/*
 * A switch as in a circuit diagram, turned into the line's direction:
 *   closed  ●━━━●      half-open  ●╱╌●      open  ●╱  ●
 */
export function BreakerSwitch({ breaker, line, half }: { breaker: Breaker; line: Line; half: number }) {
  const { x, y } = pointAt(line, toSwitchPlace(line));
  const passes = lets(breaker.state);
  const lift = { all: 0, some: -16, none: -38 }[passes];
  // The bar always rises upwards on the screen, whichever way the line runs.
  const upwards = Math.abs(line.angle) > 90 ? -lift : lift;
  return (
    <g className="breaker" data-passes={passes} transform={`translate(${x} ${y}) rotate(${line.angle})`}>
      <circle className="breaker-ground" r={half + 4} />
      <line
        className="breaker-bar"
        x1={-half + 4}
        y1={0}
        x2={half - 4}
        y2={0}
        style={{ transform: `rotate(${upwards}deg)`, transformOrigin: `${-half + 4}px 0` }}
      />
      <circle className="breaker-contact" cx={-half + 4} r={5.5} />
      <circle className="breaker-contact" cx={half - 4} r={5} />
    </g>
  );
}
