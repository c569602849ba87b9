// biome-ignore-all lint/suspicious/noTemplateCurlyInString: compose's variables look like that.
import { describe, expect, it } from "vitest";
import { AppError } from "../lib/app-error.ts";
import { toSystemModel } from "./compose-model.ts";
import type { ServiceModel } from "./model.ts";

const file = "/projects/demo/docker-compose.yml";
const read = (text: string, variables = {}) => toSystemModel(text, variables, file);

/** The one service of a file, from the lines below its name. */
function readOne(lines: string, variables = {}): ServiceModel | undefined {
  return read(`services:\n  one:\n${lines.replace(/^/gm, "    ")}`, variables).services[0];
}

describe("a compose file", () => {
  it("is named by x-faultline, else by its own name, else by its folder", () => {
    expect(read("x-faultline: {name: My $WHAT}\nname: other\nservices: {a: {image: x}}", { WHAT: "system" }).name).toBe(
      "My system",
    );
    expect(read("name: other\nservices: {a: {image: x}}").name).toBe("other");
    expect(read("services: {a: {image: x}}").name).toBe("demo");
  });

  it("names its policies and layout relative to itself", () => {
    const model = read("x-faultline: {policies: ./p.json, layout: sub/l.json}\nservices: {a: {image: x}}");
    expect(model).toMatchObject({
      file,
      policiesFile: "/projects/demo/p.json",
      layoutFile: "/projects/demo/sub/l.json",
    });
  });

  it("says who can reset itself, in its order", () => {
    const services = "services: {a: {environment: {PORT: 1}}, b: {expose: [2]}, c: {image: x}}";
    expect(read(`x-faultline: {reset: [b, a]}\n${services}`).reset).toEqual(["b", "a"]);
    expect(read(services).reset).toBeUndefined();
    expect(() => read(`x-faultline: {reset: b}\n${services}`)).toThrow("reset is no list");
    expect(() => read(`x-faultline: {reset: [d]}\n${services}`)).toThrow("names d, which is not there");
    expect(() => read(`x-faultline: {reset: [c]}\n${services}`)).toThrow("names c, which listens nowhere");
  });

  it("says who only watches, and what runs inside a service", () => {
    const labels = '{faultline.observer: "true", faultline.modules: "ordering, payments bank"}';
    expect(readOne(`labels: ${labels}`)).toMatchObject({ observer: true, modules: ["ordering", "payments", "bank"] });
    expect(readOne("image: x")).not.toHaveProperty("observer");
    expect(readOne("image: x")).not.toHaveProperty("modules");
  });

  it("merges what an anchor holds, and the service's own keys win", () => {
    const model = read(`
x-base: &base {image: base:1, stop_grace_period: 3s, environment: {A: 1}}
services:
  a: {<<: *base}
  b: {<<: *base, image: own:1}
`);
    expect(model.services.map(({ id, image, stopGraceMs }) => ({ id, image, stopGraceMs }))).toEqual([
      { id: "a", image: "base:1", stopGraceMs: 3_000 },
      { id: "b", image: "own:1", stopGraceMs: 3_000 },
    ]);
  });

  it("leaves out what it is told to ignore, also from dependencies", () => {
    const model = read(
      `
services:
  a: {image: x, depends_on: [b, c]}
  b: {image: x, labels: {faultline.ignore: "true", needs: "\${UNSET:?not read}"}}
  c: {image: x}
`,
      { UNSET: "set" },
    );
    expect(model.services.map(({ id }) => id)).toEqual(["a", "c"]);
    expect(model.services[0]?.dependsOn).toEqual(["c"]);
  });

  it("reads a thousand services that share an anchor", () => {
    const services = Array.from({ length: 1_000 }, (_, index) => `  s${index}: {<<: *base}`).join("\n");
    expect(read(`x-base: &base {image: x, labels: [a=b]}\nservices:\n${services}`).services).toHaveLength(1_000);
  });
});

describe("a service", () => {
  it("has defaults", () => {
    expect(readOne("image: x")).toEqual({
      id: "one",
      kind: "service",
      context: null,
      client: false,
      process: null,
      environment: {},
      ports: [],
      dependsOn: [],
      stopSignal: "SIGTERM",
      stopGraceMs: 10_000,
      image: "x",
      built: false,
      networks: ["default"],
    });
  });

  it.each<[string, Record<string, string>]>([
    ["environment: {A: x, B: 3000, C: true, D: 1.5}", { A: "x", B: "3000", C: "true", D: "1.5" }],
    ["environment: [A=x, B=, C=a=b]", { A: "x", B: "", C: "a=b" }],
    ["environment: {GIVEN: , MISSING: }", { GIVEN: "from outside" }],
    ["environment: [GIVEN, MISSING]", { GIVEN: "from outside" }],
    ["environment: {A: '$$x${GIVEN}'}", { A: "$xfrom outside" }],
    ["environment: {A: ''}", { A: "" }],
  ])("%s", (lines, expected) => {
    expect(readOne(lines, { GIVEN: "from outside" })?.environment).toEqual(expected);
  });

  it.each<[string, Partial<ServiceModel>]>([
    [
      "labels: {faultline.kind: gateway, faultline.context: Sales, faultline.client: 'true'}",
      { kind: "gateway", context: "Sales", client: true },
    ],
    ["labels: [faultline.kind=client, faultline.client=true]", { kind: "client", client: true }],
    ["{image: 'postgres:17', labels: {faultline.kind: external}}", { kind: "external" }],
    ["image: ${DB:-postgres:17}", { kind: "database", image: "postgres:17" }],
    ["command: node a.js --x 'y z'", { process: ["node", "a.js", "--x", "y z"] }],
    ["command: [node, a.js, 1]", { process: ["node", "a.js", "1"] }],
    ["{entrypoint: node, command: [a.js]}", { process: ["node", "a.js"] }],
    ["{command: real, labels: {faultline.process: stand in}}", { process: ["stand", "in"] }],
    [
      "{environment: {PORT: 3000, GRPC_PORT: 50051}, expose: [9000], ports: ['80:8080']}",
      { ports: [3000, 9000, 8080, 50051] },
    ],
    ["{stop_signal: sigint, stop_grace_period: 1m}", { stopSignal: "SIGINT", stopGraceMs: 60_000 }],
    ["stop_signal: QUIT", { stopSignal: "SIGQUIT" }],
    ["{image: x, build: .}", { built: true }],
    ["networks: {inner: {aliases: [a]}, outer: }", { networks: ["inner", "outer"] }],
    ["network_mode: host", { networks: [] }],
  ])("%s", (lines, expected) => {
    expect(readOne(lines)).toMatchObject(expected);
  });

  it("depends on a list or a map of others", () => {
    const model = read("services: {a: {image: x, depends_on: {b: {condition: service_healthy}}}, b: {image: x}}");
    expect(model.services[0]?.dependsOn).toEqual(["b"]);
  });

  it("without ports of its own has those at which others call it", () => {
    const model = read(
      "services: {a: {image: x, environment: {U: 'postgres://u:p@db/x', V: 'http://db:8008'}}, db: {image: postgres}}",
    );
    expect(model.services[1]?.ports).toEqual([5432, 8008]);
  });
});

describe("a broken compose file is refused in one sentence that says where", () => {
  it.each([
    ["services:\n  a: [1\n  b: 2", /^docker-compose\.yml, line \d+: .+; correct it there\.$/],
    ["services:\n  a: {image: x}\n  a: {image: y}", /^docker-compose\.yml, line 3: .*unique/],
    ["services:\n\ta: 1", /^docker-compose\.yml, line 2: .*[Tt]abs?/],
    ["just text", /is no compose file/],
    ["", /is no compose file/],
    ["version: '3'", /has no services/],
    ["services: {}", /has no services/],
    ["services: {a: }", /service a is empty/],
    ["services: {'a b': {image: x}}", /service a b has a name that cannot be used/],
    [
      "services: {a: {image: x, labels: {faultline.kind: databse}}}",
      /service a has faultline\.kind "databse": use one of service, gateway/,
    ],
    ["services: {a: {image: x, depends_on: [z]}}", /service a depends on z, which is not there/],
    ["services: {a: {image: x, depends_on: 3}}", /service a has a depends_on that is neither/],
    ["services: {a: {image: x, environment: 3}}", /service a, environment is neither a map nor a list/],
    ["services: {a: {image: x, environment: {B: [1]}}}", /service a, environment has no single value for B/],
    ["services: {a: {image: x, stop_grace_period: soon}}", /service a has stop_grace_period "soon"/],
    ["services: {a: {image: x, stop_signal: '!'}}", /service a has stop_signal "!"/],
    ["services: {a: {image: '${X:?which one}'}}", /service a, image needs the variable X \(which one\)/],
    ["services: {a: {image: x, labels: {faultline.ignore: 'true'}}}", /has only services with faultline\.ignore/],
    [
      "a: &a [x, x]\nb: &b [*a, *a]\nservices: *nobody",
      /^docker-compose\.yml cannot be read: .*nobody; correct its aliases/,
    ],
  ])("%j", (text, message) => {
    expect(() => read(text)).toThrow(message);
    expect(() => read(text)).toThrow(AppError);
  });

  it("does not let aliases multiply without end", () => {
    const levels = Array.from(
      { length: 12 },
      (_, level) => `l${level + 1}: &l${level + 1} [${Array(10).fill(`*l${level}`).join(", ")}]`,
    );
    expect(() => read(`l0: &l0 [x]\n${levels.join("\n")}\nservices: {a: {image: x}}`)).toThrow(/correct its aliases/);
  });
});
