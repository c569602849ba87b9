import { randomBytes } from "node:crypto";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { AppError } from "./lib/app-error.ts";
import { isLoopback } from "./lib/loopback.ts";

/*
 * The settings, parsed once: flags win over environment, environment over defaults.
 *   PORT, --port · HOST, --host · FAULTLINE_RUNTIME, --runtime · FAULTLINE_COMPOSE, --compose · FAULTLINE_SHAPE, --shape · FAULTLINE_KEY · FAULTLINE_DATA · --dev (or NODE_ENV=development)
 */

export const runtimeChoices = ["auto", "docker", "process"] as const;
export type RuntimeChoice = (typeof runtimeChoices)[number];

export type Env = {
  /** 0 takes a free one. */
  port: number;
  host: string;
  runtime: RuntimeChoice;
  /** What every request must show; null on loopback unless one was set. */
  key: string | null;
  /** The key was made up here, so it must be printed. */
  keyMade: boolean;
  dataFolder: string;
  composeFile: string;
  /** Another form of the same system: docker-compose.<shape>.yml beside the compose file. */
  shape: string | null;
  /** Next compiles on demand and reloads. */
  dev: boolean;
};

const settings = z.object({
  PORT: z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number)
    .refine((port) => port <= 65_535),
  HOST: z.string().regex(/^[A-Za-z0-9.:_-]{1,255}$/),
  FAULTLINE_RUNTIME: z.enum(runtimeChoices),
  FAULTLINE_KEY: z.string().regex(/^[\w.~-]{8,200}$/),
  FAULTLINE_DATA: z.string().min(1),
  FAULTLINE_COMPOSE: z.string().min(1),
  FAULTLINE_SHAPE: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,40}$/),
});
type Name = keyof typeof settings.shape;

const flagOf: Partial<Record<Name, string>> = {
  PORT: "port",
  HOST: "host",
  FAULTLINE_RUNTIME: "runtime",
  FAULTLINE_COMPOSE: "compose",
  FAULTLINE_SHAPE: "shape",
};
const expected: Record<Name, string> = {
  PORT: "a port number from 0 to 65535",
  HOST: "an address or host name to listen on",
  FAULTLINE_RUNTIME: `one of ${runtimeChoices.join(", ")}`,
  FAULTLINE_KEY: "8 to 200 letters, digits, or . _ ~ -",
  FAULTLINE_DATA: "a folder",
  FAULTLINE_COMPOSE: "a compose file",
  FAULTLINE_SHAPE: "a name such as monolith",
};

/** Refuses with a `bad_request` AppError, one sentence that names the setting. */
export function readEnv(
  argv: string[],
  environment: Record<string, string | undefined>,
  projectFolder: string,
  makeKey: () => string = () => randomBytes(18).toString("base64url"),
): Env {
  const flags = readFlags(argv);
  const read = (name: Name, fallback?: string) => {
    const flag = flagOf[name];
    const given =
      (flag === undefined ? undefined : flags[flag]) ?? (environment[name]?.trim() || undefined) ?? fallback;
    if (given === undefined) return undefined;
    const parsed = settings.shape[name].safeParse(given);
    if (parsed.success) return parsed.data;
    const names = flag === undefined ? name : `${name} (or --${flag})`;
    throw new AppError("bad_request", `${names} must be ${expected[name]}, not "${given}".`);
  };

  const host = String(read("HOST", "127.0.0.1"));
  const key = read("FAULTLINE_KEY") as string | undefined;
  const needsKey = key === undefined && !isLoopback(host);
  return {
    port: Number(read("PORT", "4000")),
    host,
    runtime: read("FAULTLINE_RUNTIME", "auto") as RuntimeChoice,
    key: key ?? (needsKey ? makeKey() : null),
    keyMade: needsKey,
    dataFolder: resolve(projectFolder, String(read("FAULTLINE_DATA", ".faultline"))),
    composeFile: resolve(projectFolder, String(read("FAULTLINE_COMPOSE", "docker-compose.yml"))),
    shape: (read("FAULTLINE_SHAPE") as string | undefined) ?? null,
    dev: flags.dev === "true" || environment.NODE_ENV === "development",
  };
}

function readFlags(argv: string[]): Record<string, string | undefined> {
  try {
    const { values } = parseArgs({
      args: argv,
      options: {
        port: { type: "string" },
        host: { type: "string" },
        runtime: { type: "string" },
        compose: { type: "string" },
        shape: { type: "string" },
        dev: { type: "boolean" },
      },
    });
    return { ...values, dev: String(values.dev ?? false) };
  } catch (error) {
    const [firstSentence] = error instanceof Error ? error.message.split(". ") : [String(error)];
    throw new AppError(
      "bad_request",
      `${firstSentence}; known are --port, --host, --runtime, --compose, --shape and --dev.`,
      error,
    );
  }
}
