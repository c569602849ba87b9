import { describe, expect, it } from "vitest";
import { toSystemModel } from "./compose-model.ts";
import { interpose } from "./interpose.ts";
import type { InterposedSystem, Wiring } from "./model.ts";

/** As in containers: listeners by number, everything else where it is. */
const wiring: Wiring = {
  edgeListen: (index) => ({ bind: `0.0.0.0:${20_000 + index}`, address: `agent:${20_000 + index}` }),
  upstream: (service, port) => `${service}:${port}`,
  bindPort: (_service, port) => port,
  intakeUrl: "http://agent:4318",
};

const others = {
  back: { environment: { PORT: "3000" } },
  load: {},
  db: { image: "postgres" },
  "db-2": { image: "postgres" },
  broker: { image: "rabbitmq" },
  cache: { image: "redis" },
};

/** A system in which `me` has this environment, and everybody else is there to be called. */
function run(environment: Record<string, string>, use: Wiring = wiring, more: object = {}): InterposedSystem {
  const escaped = Object.fromEntries(
    Object.entries(environment).map(([key, value]) => [key, value.replaceAll("$", "$$$$")]),
  );
  const services = { me: { environment: escaped, ...more }, ...others };
  return interpose(toSystemModel(JSON.stringify({ services }), {}, "/p/docker-compose.yml"), use);
}

const A = "agent:20000";
const B = "agent:20001";
type Case = [value: string, rewritten: string, edges: string[]];

describe("URLs", () => {
  it.each<Case>([
    ["http://back:3000", `http://${A}`, ["me->back 3000 http"]],
    ["http://back:3000/", `http://${A}/`, ["me->back 3000 http"]],
    ["http://back:3000/a?b=c#d", `http://${A}/a?b=c#d`, ["me->back 3000 http"]],
    ["http://back", `http://${A}`, ["me->back 80 http"]],
    ["http://back/path", `http://${A}/path`, ["me->back 80 http"]],
    ["http://back:/path", `http://${A}/path`, ["me->back 80 http"]],
    ["HTTP://back:3000", `HTTP://${A}`, ["me->back 3000 http"]],
    ["ws://back:3000/live", `ws://${A}/live`, ["me->back 3000 http"]],
    ["https://back", `https://${A}`, ["me->back 443 https"]],
    ["http://user:pass@back:3000/", `http://user:pass@${A}/`, ["me->back 3000 http"]],
    ["postgres://u:p@db:5433/x?sslmode=disable", `postgres://u:p@${A}/x?sslmode=disable`, ["me->db 5433 postgres"]],
    ["postgresql://u:p@db/x", `postgresql://u:p@${A}/x`, ["me->db 5432 postgres"]],
    ["postgresql+asyncpg://u:p@db/x", `postgresql+asyncpg://u:p@${A}/x`, ["me->db 5432 postgres"]],
    ["jdbc:postgresql://db:5432/x", `jdbc:postgresql://${A}/x`, ["me->db 5432 postgres"]],
    ["jdbc:mysql://db/x", `jdbc:mysql://${A}/x`, ["me->db 3306 mysql"]],
    ["mongodb://u:p@db/x", `mongodb://u:p@${A}/x`, ["me->db 27017 mongodb"]],
    ["amqp://u:p@broker", `amqp://u:p@${A}`, ["me->broker 5672 amqp"]],
    ["nats://broker", `nats://${A}`, ["me->broker 4222 nats"]],
    ["kafka://broker", `kafka://${A}`, ["me->broker 9092 kafka"]],
    ["redis://:secret@cache/0", `redis://:secret@${A}/0`, ["me->cache 6379 redis"]],
    ["grpc://back", `grpc://${A}`, ["me->back 50051 grpc"]],
    ["dns:///back:9000", `dns:///${A}`, ["me->back 9000 grpc"]],
    ["tcp://back:9000", `tcp://${A}`, ["me->back 9000 http"]],
    ["odd+scheme://db:777", `odd+scheme://${A}`, ["me->db 777 tcp"]],
    ["postgres://u:p%40x@db:5432/x", `postgres://u:p%40x@${A}/x`, ["me->db 5432 postgres"]],
    ["postgres://u:p@ss@db:5432/x", `postgres://u:p@ss@${A}/x`, ["me->db 5432 postgres"]],
    ["postgres://back:12,34@db:5432/x", `postgres://back:12,34@${A}/x`, ["me->db 5432 postgres"]],
    ["postgres://back:3000@db:5432/back", `postgres://back:3000@${A}/back`, ["me->db 5432 postgres"]],
    ["postgres://db:db@db/db", `postgres://db:db@${A}/db`, ["me->db 5432 postgres"]],
    ["postgres://u:p$1@db/x", `postgres://u:p$1@${A}/x`, ["me->db 5432 postgres"]],
    ["mongodb://db:27017,db-2:27017/x", `mongodb://${A},${B}/x`, ["me->db 27017 mongodb", "me->db-2 27017 mongodb"]],
    [
      "amqp://u:p@broker:5672,u:p@back:5672",
      `amqp://u:p@${A},u:p@${B}`,
      ["me->broker 5672 amqp", "me->back 5672 amqp"],
    ],
    ["http://back:3000,http://load:80", `http://${A},http://${B}`, ["me->back 3000 http", "me->load 80 http"]],
    ["http://back:3000;http://load:80", `http://${A};http://${B}`, ["me->back 3000 http", "me->load 80 http"]],
    ["http://back:3000 http://load", `http://${A} http://${B}`, ["me->back 3000 http", "me->load 80 http"]],
    [
      '["http://back:3000","http://load:80"]',
      `["http://${A}","http://${B}"]`,
      ["me->back 3000 http", "me->load 80 http"],
    ],
    ['{"url":"http://back:3000/x"}', `{"url":"http://${A}/x"}`, ["me->back 3000 http"]],
    [
      "http://back:3000/?next=http://load:80/x",
      `http://${A}/?next=http://${B}/x`,
      ["me->back 3000 http", "me->load 80 http"],
    ],
    ["http://back:3000/load:80", `http://${A}/load:80`, ["me->back 3000 http"]],
  ])("%s", check);
});

describe("bare addresses", () => {
  it.each<Case>([
    ["back:3000", A, ["me->back 3000 http"]],
    ["db:5432", A, ["me->db 5432 postgres"]],
    ["db:777x", "db:777x", []],
    ["back:50051", A, ["me->back 50051 grpc"]],
    ["broker:9092,broker:9092", `${A},${A}`, ["me->broker 9092 kafka"]],
    ["back:3000, load:8080", `${A}, ${B}`, ["me->back 3000 http", "me->load 8080 http"]],
    ["back:3000/path", `${A}/path`, ["me->back 3000 http"]],
    ["root:secret@tcp(db:3306)/x?parseTime=true", `root:secret@tcp(${A})/x?parseTime=true`, ["me->db 3306 mysql"]],
    ["Server=db:5432;User=u", `Server=${A};User=u`, ["me->db 5432 postgres"]],
    ["load:12345@db:5432", `load:12345@${A}`, ["me->db 5432 postgres"]],
  ])("%s", check);
});

describe("what only looks like a service is left alone", () => {
  it.each([
    "http://download:80",
    "http://load.example.org:80",
    "http://my-load:80",
    "http://load-2:80",
    "http://preload/load",
    "http://example.org/load:80",
    "http://example.org/?host=load",
    "http://BACK:3000",
    "load",
    "back",
    "download:80",
    "load:",
    "load:80:tail",
    "load:99999",
    "load:0",
    "http://load:99999",
    "xload:8080",
    "load_:8080",
    "a.load:8080",
    "file://load/etc",
    "unix:///load:80",
    "12:30",
    "",
    "$back:3000x",
    "db",
    "me",
  ])("%j", (value) => check(value, value, []));

  it("a tag in a variable that names an image", () => {
    const system = run({ DB_IMAGE: "db:5432", VERSION: "back:3000" });
    expect(system.environment.me).toMatchObject({ DB_IMAGE: "db:5432", VERSION: "back:3000" });
    expect([system.edges, system.warnings]).toEqual([[], []]);
  });

  it("a small number that no port is known by, with a sentence", () => {
    const system = run({ BASE: "db:17" });
    expect(system.environment.me?.BASE).toBe("db:17");
    expect(system.warnings).toEqual(["me: BASE holds db:17, which looks like no address and is left as it is."]);
  });

  it("where telemetry goes", () => {
    const system = run({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://back:4318/v1/traces" });
    expect(system.edges).toEqual([]);
    expect(system.environment.me?.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT).toBe("http://agent:4318/v1/traces");
  });
});

function check(value: string, rewritten: string, edges: string[]): void {
  const system = run({ ANYTHING: value });
  expect(system.environment.me?.ANYTHING).toBe(rewritten);
  expect(system.edges.map(({ id, port, protocol }) => `${id} ${port} ${protocol}`)).toEqual(edges);
}

describe("host and port in two variables", () => {
  it.each<[Record<string, string>, Record<string, string>, string[]]>([
    [{ DB_HOST: "db", DB_PORT: "5432" }, { DB_HOST: "agent", DB_PORT: "20000" }, ["me->db 5432 postgres"]],
    [{ PGHOST: "db", PGPORT: "5432" }, { PGHOST: "agent", PGPORT: "20000" }, ["me->db 5432 postgres"]],
    [
      { BACK_SERVICE_HOST: "back", BACK_SERVICE_PORT: "3000" },
      { BACK_SERVICE_HOST: "agent", BACK_SERVICE_PORT: "20000" },
      ["me->back 3000 http"],
    ],
    [
      { BACK_GRPC_HOST: "back", BACK_GRPC_PORT: "9000" },
      { BACK_GRPC_HOST: "agent", BACK_GRPC_PORT: "20000" },
      ["me->back 9000 grpc"],
    ],
    [{ DB_HOST: "db.example.org", DB_PORT: "5432" }, { DB_HOST: "db.example.org", DB_PORT: "5432" }, []],
    [
      { A_HOST: "db", A_PORT: "5432", B_HOST: "db", B_PORT: "5432" },
      { A_PORT: "20000", B_PORT: "20000" },
      ["me->db 5432 postgres"],
    ],
    [{ DB_HOST: "db:5432", DB_PORT: "1" }, { DB_HOST: A, DB_PORT: "1" }, ["me->db 5432 postgres"]],
  ])("%j", (environment, expected, edges) => {
    const system = run(environment);
    expect(system.environment.me).toMatchObject(expected);
    expect(system.edges.map(({ id, port, protocol }) => `${id} ${port} ${protocol}`)).toEqual(edges);
    expect(system.warnings).toEqual([]);
  });
});

describe("what cannot be rewritten is reported by name", () => {
  it.each<[Record<string, string>, RegExp]>([
    [{ DB_HOST: "db" }, /^me: DB_HOST names db without a port, so those calls bypass the map; write db:<port>/],
    [{ DB_HOST: "db", DB_PORT: "default" }, /^me: DB_HOST names db without a port/],
    [{ BROKERS: "broker,back:9092" }, /^me: BROKERS names broker without a port/],
    [{ SERVERS: "db db-2" }, /^me: SERVERS names db without a port/],
    [{ X: "odd://back/x" }, /^me: X names back without a port/],
    [{ X: "mongodb+srv://u:p@db/x" }, /^me: X looks db up by SRV record/],
    [{ X: "https://back:3000" }, /^me: X reaches back through the agent, whose name is not in back's certificate/],
    [
      { DB_HOST: "db", DB_SERVER: "db-2", DB_PORT: "5432" },
      /^me: DB_PORT is shared by db and db-2, so calls to db-2 bypass the map/,
    ],
  ])("%j", (environment, message) => {
    expect(run(environment).warnings[0] ?? "").toMatch(message);
  });

  it("an address in the command", () => {
    const system = run({}, wiring, { command: "serve --db=postgres://u:p@db:5432/x --name back" });
    expect(system.warnings).toEqual([
      "me: its command names db, and only the environment is rewritten, so those calls bypass the map; put that address into a variable.",
    ]);
  });

  it("but not the service's own name, nor a user or database of that name", () => {
    expect(run({ HOSTNAME: "me", POSTGRES_USER: "db", POSTGRES_DB: "back" }).warnings).toEqual([]);
  });
});

describe("edges", () => {
  it("share a listener where one caller names the same port twice, and a second port is an edge of its own", () => {
    const system = run({ A: "http://back:3000", B: "http://back:3000/x", C: "back:9000", D: "http://back:9000" });
    expect(
      system.edges.map(({ id, protocol, listen, address, upstream }) => ({ id, protocol, listen, address, upstream })),
    ).toEqual([
      { id: "me->back", protocol: "http", listen: "0.0.0.0:20000", address: A, upstream: "back:3000" },
      { id: "me->back:9000", protocol: "http", listen: "0.0.0.0:20001", address: B, upstream: "back:9000" },
    ]);
    expect(system.environment.me).toMatchObject({ A: `http://${A}`, B: `http://${A}/x`, C: B, D: `http://${B}` });
  });

  it("take the protocol that a scheme names over one that was inferred", () => {
    expect(run({ A: "back:9000", B: "grpc://back:9000" }).edges[0]?.protocol).toBe("grpc");
  });

  it("are one for each caller", () => {
    const services = {
      a: { environment: { X: "http://c:80" } },
      b: { environment: { X: "http://c:80" } },
      c: { image: "x" },
    };
    const system = interpose(toSystemModel(JSON.stringify({ services }), {}, "/p/c.yml"), wiring);
    expect(system.edges.map(({ id, address }) => [id, address])).toEqual([
      ["a->c", A],
      ["b->c", B],
    ]);
  });
});

describe("local processes", () => {
  const local: Wiring = {
    ...wiring,
    upstream: (service, port) => `127.0.0.1:${service.length * 10_000 + port}`,
    bindPort: (service, port) => service.length * 10_000 + port,
  };

  it("bind the ports that were given to them, and reach themselves there", () => {
    const system = run({ PORT: "3000", METRICS_PORT: "9464", SELF_URL: "http://me:3000/x", RETRIES: "3000" }, local);
    expect(system.environment.me).toMatchObject({
      PORT: "23000",
      METRICS_PORT: "29464",
      SELF_URL: "http://127.0.0.1:23000/x",
      RETRIES: "3000",
    });
    expect(system.edges).toEqual([]);
  });

  it("are reached by the agent where they are", () => {
    expect(run({ X: "http://back:3000" }, local).edges[0]?.upstream).toBe("127.0.0.1:43000");
  });
});

describe("every service that runs code", () => {
  it("sends its telemetry to the agent, under its own name, and finds its policies there", () => {
    const { environment } = run({ OTEL_SERVICE_NAME: "other", OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" });
    expect(environment.me).toEqual({
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://agent:4318",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
      OTEL_SERVICE_NAME: "me",
      POLICY_URL: "http://agent:4318/policies/me",
    });
    expect(run({ OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" }).environment.me?.OTEL_EXPORTER_OTLP_PROTOCOL).toBe(
      "http/json",
    );
  });

  it("and nothing else: infrastructure keeps its environment", () => {
    expect(run({}).environment).toMatchObject({ db: {}, broker: {}, cache: {} });
    expect(Object.keys(run({}).environment.db ?? {})).toEqual([]);
  });
});

it("changes neither the model nor anything around a reference", () => {
  const value = " x=1;url=http://back:3000/ü?q=%20 ; y=$HOME ";
  const system = run({ ODD: value });
  expect(system.environment.me?.ODD).toBe(value.replace("back:3000", A));
  expect(system.model.services[0]?.environment.ODD).toBe(value);
});

describe("an observer", () => {
  it("reaches what it watches directly, and makes no edges", () => {
    const labels = { "faultline.observer": "true" };
    const system = run({ BACK_URL: "http://back:3000", DB_HOST: "db", DB_PORT: "5432" }, wiring, { labels });
    expect(system.edges).toEqual([]);
    expect(system.environment.me).toMatchObject({
      BACK_URL: "http://back:3000",
      DB_HOST: "db",
      DB_PORT: "5432",
      OTEL_SERVICE_NAME: "me",
    });
    const elsewhere: Wiring = { ...wiring, upstream: (service, port) => `127.0.0.1:${service.length}${port}` };
    const { environment } = run({ BACK_URL: "http://back:3000/x" }, elsewhere, { labels });
    expect(environment.me?.BACK_URL).toBe("http://127.0.0.1:43000/x");
  });
});

it("says where those that reset themselves are reached", () => {
  const text = JSON.stringify({ "x-faultline": { reset: ["back"] }, services: others });
  expect(interpose(toSystemModel(text, {}, "/p/docker-compose.yml"), wiring).resets).toEqual([
    { component: "back", address: "back:3000" },
  ]);
});
