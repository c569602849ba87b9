import { setTimeout as sleep } from "node:timers/promises";
import { askReady } from "../kit/calls/call-edge.ts";
import type { HttpClient } from "../kit/calls/http-call.ts";
import { log } from "../kit/log.ts";

const ASK_EVERY_MS = 250;
/** The shop may take its time to open; after this the customers come anyway. */
const OPENING_MS = 20_000;

/** Resolves when the gateway says that everything behind it is ready, so that a start does not look like an outage. */
export async function awaitOpening(gateway: Pick<HttpClient, "request">): Promise<void> {
  const until = Date.now() + OPENING_MS;
  let last = "";
  while (Date.now() < until) {
    const waitingFor = await askReady(gateway, "gateway");
    if (waitingFor === null) return;
    if (waitingFor !== last) log(`waiting for ${waitingFor}`);
    last = waitingFor;
    await sleep(ASK_EVERY_MS);
  }
}
