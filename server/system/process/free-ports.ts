import net from "node:net";
import { AppError } from "../../lib/app-error.ts";

/*
 * Below what operating systems hand out for outgoing connections (Linux from 32,768, others from 49,152): a component
 * that is down for a while must find its port free again, and a caller that dials it meanwhile must never be given that
 * very port as its own end and so reach itself.
 */
const LOWEST = 13_000;
const HIGHEST = 32_000;

/** `count` ports on 127.0.0.1 that nobody listens on, in a row from a random start, so that two dashboards rarely meet. */
export async function findFreePorts(count: number): Promise<number[]> {
  const span = HIGHEST - LOWEST;
  const start = Math.floor(Math.random() * span);
  const held: net.Server[] = [];
  const ports: number[] = [];
  try {
    for (let step = 0; ports.length < count; step++) {
      if (step === span)
        throw new AppError("unavailable", `No ${count} free ports are left: end what listens on this machine.`);
      const port = LOWEST + ((start + step) % span);
      const server = await listen(port);
      if (!server) continue;
      held.push(server);
      ports.push(port);
    }
  } finally {
    await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  }
  return ports;
}

function listen(port: number): Promise<net.Server | null> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once("error", () => resolve(null));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => resolve(server));
  });
}
