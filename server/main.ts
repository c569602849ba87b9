// The dashboard: env → build → listen → run the system → shut down. The only file with side effects.
import { join, resolve } from "node:path";
import pino from "pino";
import { chooseRuntime } from "./chaos/choose-runtime.ts";
import { createSystem } from "./chaos/create-system.ts";
import { readLayoutFile } from "./chaos/layout-file.ts";
import { readPolicyFile } from "./chaos/policy-file.ts";
import { createServer } from "./create-server.ts";
import { type Env, readEnv } from "./env.ts";
import { createNextUi } from "./http/next-app.ts";
import { createTelemetryIntake } from "./http/telemetry-intake.ts";
import { toAppError } from "./lib/app-error.ts";
import { createCounters } from "./lib/counters.ts";
import { isDiskFull, openDataFolder, toDiskFullError } from "./lib/data-folder.ts";
import { createProgressPrinter } from "./lib/progress-printer.ts";
import { createHandlers } from "./live/handlers.ts";
import { createRunCommand } from "./live/run-command.ts";
import { findShape } from "./system/find-shape.ts";
import { readComposeFile } from "./system/read-compose-file.ts";
import { createPeerResolver } from "./telemetry/peer-resolver.ts";
import { createSpanStore } from "./telemetry/span-store.ts";
import { createTopology } from "./topology/create-topology.ts";

const SHUTDOWN_LIMIT_MS = 10_000;
const projectFolder = resolve(import.meta.dirname, "..");
const printer = createProgressPrinter(process.stdout);
const logger = pino({ level: "warn" }, pino.destination({ dest: 2, sync: true }));

let dataFolder = projectFolder;
let isShuttingDown = false;
let shutDown: (exitCode: number) => void = (exitCode) => process.exit(exitCode);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => shutDown(0));
process.on("disconnect", () => shutDown(0));

/** One sentence, and out. What fails because everything is being ended is no news. */
function fail(thrown: unknown): void {
  if (isShuttingDown) return;
  const error = isDiskFull(thrown) ? toDiskFullError(dataFolder, thrown) : toAppError(thrown);
  printer.say(error.message);
  if (error.cause === thrown && !isDiskFull(thrown)) logger.error({ err: thrown }, "nobody foresaw this");
  shutDown(1);
}
process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);

await run(readSettings());

function readSettings(): Env | undefined {
  try {
    return readEnv(process.argv.slice(2), process.env, projectFolder);
  } catch (error) {
    fail(error);
    return undefined;
  }
}

async function run(env: Env | undefined): Promise<void> {
  if (!env) return;
  try {
    const model = await readComposeFile(await findShape(env.composeFile, env.shape), process.env);
    const [policyFile, layout] = await Promise.all([
      readPolicyFile(model.policiesFile),
      readLayoutFile(model.layoutFile),
    ]);
    dataFolder = env.dataFolder;
    await openDataFolder(dataFolder);

    const peers = createPeerResolver();
    const topology = createTopology({ peers });
    const spans = createSpanStore({ edgeOf: peers.edgeOf });
    const counters = createCounters();
    const intake = createTelemetryIntake({ spans, topology, counters });
    let port = env.port;
    let address = "";
    let announced = false;
    const system = createSystem({
      model,
      layout,
      policyFile,
      topology,
      chooseRuntime: () => {
        const project = `faultline-${port}`;
        return chooseRuntime({ wanted: env.runtime, project, dataFolder: join(dataFolder, project) });
      },
      onOtlp(signal, flags, body) {
        intake.takeRelayed(signal, flags, body);
      },
      onDropped: intake.onDropped,
      onProgress({ status, message }) {
        if (announced) return;
        if (status === "preparing" || status === "starting") return printer.progress(`  ${message}`);
        announced = true;
        printer.say(`Faultline: ${address} · ${model.name} · ${message}`);
      },
    });
    const server = createServer({
      host: env.host,
      port: env.port,
      key: env.key,
      topology,
      traces: spans,
      logs: (component, lines) => system.logs(component, lines),
      runCommand: createRunCommand(createHandlers(system), counters, logger),
      intake,
      counters,
      logger,
      createUi: (httpServer) =>
        createNextUi({ httpServer, folder: projectFolder, dev: env.dev, onBroken: printer.say }),
    });

    port = await server.listen();
    shutDown = (exitCode) => {
      // A second Ctrl-C changes nothing: the timer ends us.
      if (isShuttingDown) return;
      isShuttingDown = true;
      setTimeout(() => {
        printer.say(
          `Not all has ended within ${SHUTDOWN_LIMIT_MS / 1_000} s; a new start on the same port ends the rest.`,
        );
        process.exit(exitCode || 1);
      }, SHUTDOWN_LIMIT_MS).unref();
      printer.progress("  stopping");
      void Promise.allSettled([system.stop(), server.close()]).then((results) => {
        for (const result of results) if (result.status === "rejected") printer.say(toAppError(result.reason).message);
        printer.say("Faultline has stopped.");
        process.exit(exitCode);
      });
    };

    address = toAddress(env, port);
    printer.say(`Faultline: ${address} · starting`);
    await system.start();
  } catch (error) {
    fail(error);
  }
}

/** As one may click it: with the key where it was made up here. */
function toAddress({ host, key, keyMade }: Env, port: number): string {
  const wildcard = host === "0.0.0.0" || host === "::";
  const name = wildcard ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
  return `http://${name}:${port}${keyMade ? `/?key=${key}` : ""}`;
}
