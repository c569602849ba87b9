import type { ComponentKind } from "#contract/state.ts";

const images: [ComponentKind, RegExp][] = [
  [
    "database",
    /^(postgres(ql)?|postgis|timescaledb|mysql|mariadb|mongo(db)?|cockroach|cassandra|elasticsearch|opensearch|clickhouse)$/,
  ],
  ["broker", /^(rabbitmq|kafka|nats|redpanda|activemq|artemis|mosquitto|pulsar)$/],
  ["cache", /^(redis|valkey|memcached|keydb|dragonfly)$/],
];

/** What a service is, from its image's name (`bitnami/postgresql:17` is a database); `service` where that says nothing. */
export function inferKind(image: string | undefined): ComponentKind {
  const path = image?.split("@")[0]?.split("/").pop() ?? "";
  const name = (path.split(":")[0] ?? "").replace(/^cp-/, "").replace(/(-(server|stack|community|alpine))+$/, "");
  return images.find(([, pattern]) => pattern.test(name))?.[0] ?? "service";
}
