import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import type Docker from "dockerode";
import { toService } from "./own-project.ts";

/** What the engine says has happened to a container. */
export type ContainerEvent = { service: string; container: string; action: string; exitCode: number | null };

/** One container event in the engine's words; only what is read here. */
type EngineEvent = {
  Type?: string;
  Action?: string;
  Actor?: { ID?: string; Attributes?: Record<string, string> };
};

const BACKOFF_MS = { first: 100, max: 2_000 } as const;

export type ContainerEventListeners = {
  onEvent(event: ContainerEvent): void;
  /** The stream is open, for the first time or again: what happened in between was not told. */
  onOpen(): Promise<void>;
};

/**
 * Follows the events of a project's containers until close(); opened again with backoff whenever the stream breaks.
 * Resolves once the first stream is open.
 */
export async function followContainerEvents(
  engine: Docker,
  filters: { label: string[] },
  { onEvent, onOpen }: ContainerEventListeners,
): Promise<{ close(): void }> {
  const closing = new AbortController();

  async function open(): Promise<NodeJS.ReadableStream & { destroy?(): void }> {
    const stream = await engine.getEvents({ filters: { ...filters, type: ["container"] } });
    await onOpen();
    return stream;
  }

  async function follow(first: NodeJS.ReadableStream & { destroy?(): void }): Promise<void> {
    let stream: typeof first | null = first;
    let wait: number = BACKOFF_MS.first;
    while (!closing.signal.aborted) {
      if (stream) {
        wait = BACKOFF_MS.first;
        await read(stream);
      }
      await delay(wait, undefined, { signal: closing.signal }).catch(() => undefined);
      wait = Math.min(wait * 2, BACKOFF_MS.max);
      if (!closing.signal.aborted) stream = await open().catch(() => null);
    }
  }

  async function read(stream: NodeJS.ReadableStream & { destroy?(): void }): Promise<void> {
    const end = () => stream.destroy?.();
    closing.signal.addEventListener("abort", end, { once: true });
    try {
      for await (const line of createInterface({ input: stream })) {
        const event = toContainerEvent(line);
        if (event) onEvent(event);
      }
    } catch {
      // The engine went away; the loop tries again.
    } finally {
      closing.signal.removeEventListener("abort", end);
    }
  }

  void follow(await open());
  return { close: () => closing.abort() };
}

/** One line of the stream; null for what is no event of a service's container. */
export function toContainerEvent(line: string): ContainerEvent | null {
  let event: EngineEvent;
  try {
    event = JSON.parse(line) as EngineEvent;
  } catch {
    return null;
  }
  const service = toService(event.Actor?.Attributes);
  if (event.Type !== "container" || !event.Action || !event.Actor?.ID || !service) return null;
  const exitCode = Number(event.Actor.Attributes?.exitCode ?? Number.NaN);
  return {
    service,
    container: event.Actor.ID,
    action: event.Action,
    exitCode: Number.isInteger(exitCode) ? exitCode : null,
  };
}
