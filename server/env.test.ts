import { describe, expect, test } from "vitest";
import { readEnv } from "./env.ts";

const read = (argv: string[], environment: Record<string, string> = {}) =>
  readEnv(argv, environment, "/project", () => "made-up-key");

describe("settings", () => {
  test("defaults bind loopback without a key", () => {
    expect(read([])).toEqual({
      port: 4000,
      host: "127.0.0.1",
      runtime: "auto",
      key: null,
      keyMade: false,
      dataFolder: "/project/.faultline",
      composeFile: "/project/docker-compose.yml",
      shape: null,
      dev: false,
    });
  });

  test("flags win over environment, environment over defaults", () => {
    const env = read(["--port", "4100", "--runtime=process", "--shape", "monolith"], {
      FAULTLINE_SHAPE: "pair",
      PORT: "4200",
      FAULTLINE_RUNTIME: "docker",
      FAULTLINE_DATA: "/tmp/x",
      FAULTLINE_COMPOSE: "other/compose.yml",
    });
    expect(env).toMatchObject({
      port: 4100,
      runtime: "process",
      shape: "monolith",
      dataFolder: "/tmp/x",
      composeFile: "/project/other/compose.yml",
    });
  });

  test.each([
    ["127.0.0.1", null],
    ["127.0.0.2", null],
    ["localhost", null],
    ["::1", null],
    ["0.0.0.0", "made-up-key"],
    ["::", "made-up-key"],
    ["192.168.1.4", "made-up-key"],
    ["127.evil.example", "made-up-key"],
  ])("bound to %s the key is %s", (host, key) => {
    expect(read(["--host", host])).toMatchObject({ key, keyMade: key !== null });
  });

  test("an own key is used as it is, an empty variable is no key", () => {
    expect(read([], { HOST: "0.0.0.0", FAULTLINE_KEY: "secret-42" })).toMatchObject({
      key: "secret-42",
      keyMade: false,
    });
    expect(read([], { HOST: "0.0.0.0", FAULTLINE_KEY: "" })).toMatchObject({ key: "made-up-key", keyMade: true });
  });

  test.each([
    [["--port", "abc"], {}, 'PORT (or --port) must be a port number from 0 to 65535, not "abc".'],
    [[], { PORT: "70000" }, 'PORT (or --port) must be a port number from 0 to 65535, not "70000".'],
    [[], { PORT: "-1" }, 'PORT (or --port) must be a port number from 0 to 65535, not "-1".'],
    [
      ["--runtime", "podman"],
      {},
      'FAULTLINE_RUNTIME (or --runtime) must be one of auto, docker, process, not "podman".',
    ],
    [[], { FAULTLINE_KEY: "kurz" }, 'FAULTLINE_KEY must be 8 to 200 letters, digits, or . _ ~ -, not "kurz".'],
    [["--shape", "../x"], {}, 'FAULTLINE_SHAPE (or --shape) must be a name such as monolith, not "../x".'],
    [
      ["--prot", "1"],
      {},
      "Unknown option '--prot'; known are --port, --host, --runtime, --compose, --shape and --dev.",
    ],
  ])("%j %j is refused with one sentence", (argv, environment, sentence) => {
    expect(() => read(argv, environment as Record<string, string>)).toThrow(sentence);
  });
});
