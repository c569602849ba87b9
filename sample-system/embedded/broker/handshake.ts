import { AmqpError } from "./amqp-error.ts";
import { LIMITS } from "./limits.ts";
import type { Handlers, MethodName, Methods } from "./methods.ts";

export type Credentials = { user: string; password: string };

type Parts = {
  credentials: Credentials;
  send<Name extends MethodName>(name: Name, fields: Methods[Name]): void;
  tuned(agreed: Methods["ConnectionTuneOk"]): void;
  opened(): void;
};

const FRAME_MIN_BYTES = 4096;

/** The first words with a client: start ─▶ start-ok (PLAIN) ─▶ tune ─▶ tune-ok ─▶ open ─▶ open-ok. */
export function createHandshake({ credentials, send, tuned, opened }: Parts) {
  let expected: "ConnectionStartOk" | "ConnectionTuneOk" | "ConnectionOpen" | undefined = "ConnectionStartOk";

  function advance(from: typeof expected, to: typeof expected): void {
    if (expected !== from)
      throw new AmqpError("COMMAND_INVALID", `${from}, where ${expected ?? "none of these"} must follow`);
    expected = to;
  }

  const handlers: Handlers = {
    ConnectionStartOk({ mechanism, response }) {
      advance("ConnectionStartOk", "ConnectionTuneOk");
      const [, user, password] = response.toString().split("\0");
      if (mechanism !== "PLAIN" || user !== credentials.user || password !== credentials.password) {
        throw new AmqpError(
          "ACCESS_REFUSED",
          `Login was refused using authentication mechanism ${mechanism}.`,
          "connection",
        );
      }
      send("ConnectionTune", {
        channelMax: LIMITS.channels,
        frameMax: LIMITS.frameBytes,
        heartbeat: LIMITS.heartbeatSeconds,
      });
    },
    ConnectionTuneOk({ channelMax, frameMax, heartbeat }) {
      advance("ConnectionTuneOk", "ConnectionOpen");
      const size = frameMax || LIMITS.frameBytes;
      if (size < FRAME_MIN_BYTES || size > LIMITS.frameBytes || channelMax > LIMITS.channels) {
        throw new AmqpError("NOT_ALLOWED", "tune-ok asks for more, or less, than was offered");
      }
      tuned({ channelMax, frameMax: size, heartbeat });
    },
    ConnectionOpen({ virtualHost }) {
      advance("ConnectionOpen", undefined);
      if (virtualHost !== "/") throw new AmqpError("NOT_ALLOWED", `vhost ${virtualHost} not found`);
      send("ConnectionOpenOk", {});
      opened();
    },
  };

  return {
    handlers,
    isOpen: () => expected === undefined,
    start() {
      send("ConnectionStart", {
        versionMajor: 0,
        versionMinor: 9,
        serverProperties: {
          // Instrumentation makes `messaging.system` of this, which must read the same in both runtimes.
          product: "RabbitMQ",
          information: "Corner Shop's stand-in for it",
          capabilities: {
            publisher_confirms: true,
            "basic.nack": true,
            consumer_cancel_notify: true,
            per_consumer_qos: true,
            authentication_failure_close: true,
          },
        },
        mechanisms: Buffer.from("PLAIN"),
        locales: Buffer.from("en_US"),
      });
    },
  };
}
