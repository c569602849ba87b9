import type { Look } from "../map/to-node.ts";

/** Text colour of each look. */
export const lookColour: Record<Look, string> = {
  ok: "var(--ok)",
  degraded: "var(--degraded)",
  failing: "var(--failing)",
  idle: "var(--idle)",
  paused: "var(--paused)",
  starting: "var(--accent)",
  ghost: "var(--failing)",
};

/** The shape of a look, so that no meaning hangs on colour: disc, triangle, diamond, ring, two bars, arc, cross. */
export function HealthMark({ look, size = "0.8em" }: { look: Look; size?: string }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width={size}
      height={size}
      aria-hidden="true"
      fill={lookColour[look]}
      stroke={lookColour[look]}
      className="shrink-0"
    >
      {shapes[look]}
    </svg>
  );
}

const shapes: Record<Look, React.ReactNode> = {
  ok: <circle cx="8" cy="8" r="6" stroke="none" />,
  degraded: <path d="M8 1.500 15 14.500H1z" strokeLinejoin="round" />,
  failing: <path d="M8 .8 15.200 8 8 15.200.8 8z" strokeLinejoin="round" />,
  idle: <circle cx="8" cy="8" r="5.500" fill="none" strokeWidth="2.500" />,
  paused: <path d="M3 2h4v12H3zM9.500 2h4v12h-4z" stroke="none" />,
  starting: <path d="M8 2.500a5.500 5.500 0 1 1-5.500 5.500" fill="none" strokeWidth="3" strokeLinecap="round" />,
  ghost: <path d="M3 3l10 10M13 3 3 13" fill="none" strokeWidth="3.500" strokeLinecap="round" />,
};
