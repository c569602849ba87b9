import { describe, expect, it } from "vitest";
import { inferKind } from "./infer-kind.ts";
import { findOwnPorts } from "./own-ports.ts";
import { toShellWords } from "./shell-words.ts";
import { toDurationMs } from "./to-duration-ms.ts";
import { toPorts } from "./to-ports.ts";

describe("shell words", () => {
  it.each([
    ["node main.ts", ["node", "main.ts"]],
    ["  a   b\tc\n", ["a", "b", "c"]],
    ["sh -c 'echo \"hi there\"'", ["sh", "-c", 'echo "hi there"']],
    ['a "b c" d', ["a", "b c", "d"]],
    ['a"b c"d', ["ab cd"]],
    ["a\\ b c", ["a b", "c"]],
    ['"a\\"b"', ['a"b']],
    ['"a\\nb"', ["a\\nb"]],
    ["'a\\b'", ["a\\b"]],
    ["a '' \"\"", ["a", "", ""]],
    ["--open 'to the end", ["--open", "to the end"]],
    ["", []],
  ])("%j", (line, expected) => {
    expect(toShellWords(line)).toEqual(expected);
  });
});

describe("durations", () => {
  it.each([
    ["10s", 10_000],
    ["1m30s", 90_000],
    ["500ms", 500],
    ["1.5h", 5_400_000],
    ["3", 3_000],
    ["0s", 0],
    ["1h2m3s4ms", 3_723_004],
    ["soon", null],
    ["10 s", null],
    ["-1s", null],
    ["", null],
  ])("%s is %s ms", (text, expected) => {
    expect(toDurationMs(text)).toBe(expected);
  });
});

describe("ports", () => {
  it.each<[unknown[], number[]]>([
    [
      [3000, "3001"],
      [3000, 3001],
    ],
    [
      ["8080:80", "127.0.0.1:8443:443", "[::1]:5432:5432", "127.0.0.1::9000"],
      [80, 443, 5432, 9000],
    ],
    [
      ["3000-3002", "9000-9001:80-81"],
      [3000, 3001, 3002, 80, 81],
    ],
    [["53/udp", "80/tcp"], [80]],
    [
      [{ target: 80, published: 8080 }, { target: 53, protocol: "udp" }, { target: "443" }],
      [80, 443],
    ],
    [["nonsense", null, true, 0, 70_000, {}], []],
    [["1-65535"], Array.from({ length: 100 }, (_, index) => index + 1)],
  ])("%j", (entries, expected) => {
    expect(toPorts(entries)).toEqual(expected);
  });
});

describe("a service's own ports", () => {
  it.each<[Record<string, string>, Record<string, number>]>([
    [{ PORT: "3000" }, { PORT: 3000 }],
    [
      { PORT: "3000", HOST: "0.0.0.0", GRPC_PORT: "50051" },
      { PORT: 3000, GRPC_PORT: 50051 },
    ],
    [{ SMTP_PORT: "587", SMTP_HOST: "mail.example.org" }, {}],
    [{ METRICS_PORT: "9464", METRICS_HOST: "me" }, { METRICS_PORT: 9464 }],
    [{ DB_PORT: "5432", DB_URL: "postgres://db/x" }, {}],
    [{ PORT: "tcp://10.0.0.1:80", XPORT: "1", REPORT_PORT: "0", A_PORT: "99999" }, {}],
  ])("%j", (environment, expected) => {
    expect(Object.fromEntries(findOwnPorts("me", environment).map(({ variable, port }) => [variable, port]))).toEqual(
      expected,
    );
  });
});

describe("the kind that an image tells", () => {
  it.each([
    ["postgres:17-alpine", "database"],
    ["registry.example.org:5000/bitnami/postgresql@sha256:abc", "database"],
    ["mysql/mysql-server:8", "database"],
    ["mongo", "database"],
    ["rabbitmq:4-management", "broker"],
    ["confluentinc/cp-kafka:7", "broker"],
    ["nats:2", "broker"],
    ["valkey/valkey:8", "cache"],
    ["redis/redis-stack-server", "cache"],
    ["postgres-exporter:1", "service"],
    ["mongo-express", "service"],
    ["my/shop:1", "service"],
    [undefined, "service"],
  ])("%s is a %s", (image, kind) => {
    expect(inferKind(image)).toBe(kind);
  });
});
