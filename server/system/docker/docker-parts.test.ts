// biome-ignore-all lint/suspicious/noTemplateCurlyInString: compose's variables look like that.
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { toSystemModel } from "../compose-model.ts";
import { toContainerEvent } from "./container-events.ts";
import { toLogLines } from "./container-logs.ts";
import { toUsage } from "./container-stats.ts";
import { toBuilds } from "./images.ts";
import { toOverride } from "./override-file.ts";
import { toComposeError, toDockerError } from "./to-docker-error.ts";

const model = toSystemModel(
  `services:
  a: {image: app, build: ., networks: [inner]}
  b: {image: app, build: .}
  c: {image: other, build: .}
  d: {build: .}
  e: {image: postgres}`,
  {},
  "/p/docker-compose.yml",
);

describe("the override file", () => {
  const override = (environment: Record<string, Record<string, string>>) =>
    parse(toOverride({ model, environment, agentImage: "agent:1", root: "/faultline", nodeImage: "node:24" })).services;

  it("adds the agent, in every network, published on this machine only", () => {
    expect(override({})).toEqual({
      "faultline-agent": expect.objectContaining({
        image: "agent:1",
        build: { context: "/faultline", target: "app", args: { NODE_IMAGE: "node:24" } },
        ports: ["127.0.0.1::8474"],
        networks: ["inner", "default"],
      }),
    });
  });

  it("carries each environment so that compose reads every dollar sign as one", () => {
    expect(override({ a: { X: "a$b $$ ${C}", Y: "line\n\"quoted\": 'so'" } }).a).toEqual({
      environment: { X: "a$$b $$$$ $${C}", Y: "line\n\"quoted\": 'so'" },
    });
  });
});

it("builds each image once, the agent's first", () => {
  expect(toBuilds(model, "app")).toEqual(["faultline-agent", "c", "d"]);
  expect(toBuilds(model, "agent:1")).toEqual(["faultline-agent", "a", "c", "d"]);
});

describe("what docker compose says becomes one sentence", () => {
  it.each([
    [
      "unknown shorthand flag: 'p' in -p\n\nUsage:  docker [OPTIONS]",
      "unavailable",
      /no compose command: install its compose plugin/,
    ],
    ["docker: 'compose' is not a docker command.", "unavailable", /no compose command/],
    [
      "Cannot connect to the Docker daemon at unix:///none.sock. Is the docker daemon running?",
      "unavailable",
      /^No Docker engine answers: start Docker/,
    ],
    [
      "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock",
      "forbidden",
      /add it to the group docker/,
    ],
    [
      'a Pulling\nError response from daemon: Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: no such host',
      "unavailable",
      /^An image could not be fetched \(.*no such host\): check the connection/,
    ],
    [
      "Error response from daemon: pull access denied for nosuch, repository does not exist",
      "unavailable",
      /could not be fetched \(.*nosuch/,
    ],
    [
      "Error response from daemon: manifest for postgres:99 not found: manifest unknown",
      "unavailable",
      /could not be fetched/,
    ],
    [
      "Error response from daemon: driver failed: Error starting userland proxy: listen tcp4 127.0.0.1:18555: bind: address already in use",
      "conflict",
      /^Port 18555 is taken/,
    ],
    ["Bind for 0.0.0.0:5432 failed: port is already allocated", "conflict", /^Port 5432 is taken/],
    ["write /var/lib/docker/x: no space left on device", "unavailable", /^The disk is full/],
    [
      "#3 ERROR\nfailed to solve: executor failed running [/bin/sh -c nope]: exit code: 1",
      "unavailable",
      /^Doing it failed: failed to solve: .*nope/,
    ],
    ["", "unavailable", /^Doing it failed: no reason given/],
  ])("%j", (output, code, message) => {
    expect(toComposeError("Doing it", output)).toMatchObject({ code, message: expect.stringMatching(message) });
  });
});

it.each([
  [{ statusCode: 404, message: "no such container" }, "not_found"],
  [{ statusCode: 409, message: "not running" }, "conflict"],
  [{ code: "ENOENT", message: "connect ENOENT" }, "unavailable"],
  [{ code: "EACCES", message: "connect EACCES" }, "forbidden"],
  [{ statusCode: 500, message: "odd" }, "internal"],
])("an engine's refusal %j is %s", (error, code) => {
  expect(toDockerError(error, "it").code).toBe(code);
});

describe("an event of the engine", () => {
  const labels = { "com.docker.compose.service": "a" };
  it.each<[object, object | null]>([
    [
      { Type: "container", Action: "die", Actor: { ID: "1", Attributes: { ...labels, exitCode: "137" } } },
      { service: "a", container: "1", action: "die", exitCode: 137 },
    ],
    [
      { Type: "container", Action: "start", Actor: { ID: "1", Attributes: labels } },
      { service: "a", container: "1", action: "start", exitCode: null },
    ],
    [{ Type: "container", Action: "start", Actor: { ID: "1", Attributes: {} } }, null],
    [{ Type: "network", Action: "connect", Actor: { ID: "1", Attributes: labels } }, null],
    [{}, null],
  ])("%j", (event, expected) => {
    expect(toContainerEvent(JSON.stringify(event))).toEqual(expected);
  });
  it("that is cut off is none", () => expect(toContainerEvent('{"Type":')).toBeNull());
});

describe("the engine's logs", () => {
  const frame = (stream: number, text: string) => {
    const header = Buffer.alloc(8);
    header[0] = stream;
    header.writeUInt32BE(Buffer.byteLength(text), 4);
    return Buffer.concat([header, Buffer.from(text)]);
  };
  it("are lines of two streams in the order of their time", () => {
    const answer = Buffer.concat([
      frame(1, "2026-01-01T00:00:00.100000001Z one\n"),
      frame(1, "2026-01-01T00:00:00.300000000Z thr"),
      frame(2, "2026-01-01T00:00:00.200000000Z two ü\n"),
      frame(1, "ee\n2026-01-01T00:00:00.400000000Z \n"),
    ]);
    const at = Date.parse("2026-01-01T00:00:00Z");
    expect(toLogLines(answer, false)).toEqual([
      { at: at + 100, stream: "stdout", text: "one" },
      { at: at + 200, stream: "stderr", text: "two ü" },
      { at: at + 300, stream: "stdout", text: "three" },
      { at: at + 400, stream: "stdout", text: "" },
    ]);
  });
  it("of a terminal are bare text", () => {
    expect(toLogLines(Buffer.from("2026-01-01T00:00:00Z hi\r\n"), true)).toMatchObject([
      { stream: "stdout", text: "hi" },
    ]);
  });
  it("that end within a frame's header are read up to there", () => {
    expect(toLogLines(Buffer.from([1, 0, 0]), false)).toEqual([]);
  });
});

describe("the engine's stats", () => {
  const stats = (more: object) =>
    JSON.stringify({
      cpu_stats: { cpu_usage: { total_usage: 600 }, system_cpu_usage: 4_000, online_cpus: 2 },
      precpu_stats: { cpu_usage: { total_usage: 100 }, system_cpu_usage: 2_000 },
      memory_stats: { usage: 1_000, stats: { inactive_file: 300 } },
      ...more,
    });
  it("are a share of one core, and memory without the page cache", () => {
    expect(toUsage(stats({}))).toEqual({ cpuRatio: 0.5, memoryBytes: 700 });
  });
  it("know the older name of the page cache", () => {
    expect(toUsage(stats({ memory_stats: { usage: 1_000, stats: { total_inactive_file: 400 } } }))?.memoryBytes).toBe(
      600,
    );
  });
  it("say nothing the first time, nor of what has ended", () => {
    expect(toUsage(stats({ precpu_stats: { cpu_usage: { total_usage: 0 } } }))).toBeNull();
    expect(toUsage(stats({ memory_stats: {} }))).toBeNull();
    expect(toUsage("{")).toBeNull();
  });
});
