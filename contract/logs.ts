/** GET /api/components/{id}/logs?lines= → LogLine[], oldest first; `at` is epoch ms. */
export type LogLine = { at: number; stream: "stdout" | "stderr"; text: string };
