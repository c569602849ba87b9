export type LogLine = { at: number; stream: "stdout" | "stderr"; text: string };

/** GET /api/components/<id>/logs answers the lines bare or as `{ lines }`; anything else is no lines at all. */
export function toLogLines(answer: unknown): LogLine[] {
  if (Array.isArray(answer)) return answer as LogLine[];
  const { lines } = (answer ?? {}) as { lines?: unknown };
  return Array.isArray(lines) ? (lines as LogLine[]) : [];
}
