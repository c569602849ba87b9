import { AppError } from "../../lib/app-error.ts";

const otherRuntime = "or start with --runtime process";

/** What the engine's API refused, as one sentence that says what to do. `what` is the component or thing it was about. */
export function toDockerError(error: unknown, what: string): AppError {
  if (error instanceof AppError) return error;
  const { statusCode, code, message } = error as { statusCode?: number; code?: string; message?: string };
  if (statusCode === 404)
    return new AppError("not_found", `The container of ${what} is gone: reset the system.`, error);
  if (statusCode === 409) return new AppError("conflict", `Docker refuses this for ${what}: ${message ?? ""}.`, error);
  if (code === "ENOENT" || code === "ECONNREFUSED" || code === "ECONNRESET" || code === "EPIPE") return noEngine(error);
  if (code === "EACCES") return noAccess(error);
  return new AppError("internal", `Docker failed for ${what}: ${message ?? String(error)}.`, error);
}

/** What `docker compose` wrote before it failed, as one sentence that says what to do. `doing` completes "… failed". */
export function toComposeError(doing: string, stderr: string): AppError {
  const lines = stderr
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  const text = lines.join("\n");
  if (/permission denied.*docker.*sock/is.test(text)) return noAccess(text);
  if (/cannot connect to the docker daemon|error during connect/i.test(text)) return noEngine(text);
  if (/'compose' is not a docker command|unknown shorthand flag: 'p'|unknown command: docker compose/i.test(text)) {
    return new AppError(
      "unavailable",
      `Docker has no compose command: install its compose plugin, ${otherRuntime}.`,
      text,
    );
  }
  if (/no space left on device/i.test(text)) {
    return new AppError(
      "unavailable",
      "The disk is full: free some space (`docker system prune` frees Docker's own) and start again.",
      text,
    );
  }
  const port = /(?:bind for|listen tcp\w*)\s+\S*?:(\d+)/i.exec(text)?.[1];
  if (/port is already allocated|address already in use/i.test(text)) {
    return new AppError(
      "conflict",
      `Port ${port ?? "of a service"} is taken: end what holds it, or change it in the compose file.`,
      text,
    );
  }
  const reason =
    lines.findLast((line) => /error|failed|denied|invalid|unsupported|not found/i.test(line)) ??
    lines.at(-1) ??
    "no reason given";
  if (
    /pull access denied|manifest (unknown|for)|failed to resolve reference|no such image|error pulling|failed to pull|dial tcp|i\/o timeout|TLS handshake/i.test(
      text,
    )
  ) {
    return new AppError(
      "unavailable",
      `An image could not be fetched (${short(reason)}): check the connection, or name another image in the environment, ${otherRuntime}.`,
      text,
    );
  }
  return new AppError("unavailable", `${doing} failed: ${short(reason)}. Correct that, ${otherRuntime}.`, text);
}

export function noDockerCommand(cause: unknown): AppError {
  return new AppError("unavailable", `The docker command is not there: install Docker, ${otherRuntime}.`, cause);
}

function noEngine(cause: unknown): AppError {
  return new AppError("unavailable", `No Docker engine answers: start Docker, ${otherRuntime}.`, cause);
}

function noAccess(cause: unknown): AppError {
  return new AppError(
    "forbidden",
    `This user may not speak to Docker: add it to the group docker, ${otherRuntime}.`,
    cause,
  );
}

function short(reason: string): string {
  return reason.replace(/\.$/, "").slice(0, 240);
}
