/** Sends what is still buffered. Set by the SDK when there is one; a service that ends waits for it. */
let flush = async () => {};

export function onFlush(to: () => Promise<void>) {
  flush = to;
}

/** Never rejects: telemetry that cannot be sent is no reason to fail. */
export async function flushTelemetry(): Promise<void> {
  await flush().catch(() => {});
}
