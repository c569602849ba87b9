import type { GaugePoint } from "../telemetry/gauge-point.ts";
import { type Decoded, MOST_GAUGE_POINTS, reject } from "./decoded.ts";

/** Keeps a finite number under a name, and rejects any other with the reason. */
export function keepGauge(into: Decoded, point: GaugePoint): void {
  if (point.name === "" || !Number.isFinite(point.value)) {
    reject(into, `gauge "${point.name}": a point has no name or no number`);
  } else if (into.gauges.length >= MOST_GAUGE_POINTS) {
    reject(into, `more than ${MOST_GAUGE_POINTS} points of gauges in one body`);
  } else into.gauges.push(point);
}
