import { z } from "zod";

/** A TCP port, in decimal. */
export const port = z.coerce.number().int().min(0).max(65_535);
export const address = z.url();

/**
 * The settings that a service was started with. Throws one sentence that names every setting that is missing or wrong.
 * `HOST` is the address to bind; containers set it to 0.0.0.0.
 */
export function parseEnv<Shape extends z.ZodRawShape>(shape: Shape, env: Record<string, string | undefined>) {
  const parsed = z.object(shape).safeParse(env);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    return env[name] === undefined ? `${name} is not set` : `${name}=${env[name]} is wrong (${issue.message})`;
  });
  throw new Error(`${wrong.join("; ")}. The settings of every service are in docker-compose.yml.`);
}

/** As parseEnv for this process; ends it when something is missing. */
export function readEnv<Shape extends z.ZodRawShape>(shape: Shape) {
  try {
    return parseEnv(shape, process.env);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
