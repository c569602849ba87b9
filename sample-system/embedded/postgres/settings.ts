/** What the stand-in is told, through the names that the public image uses. */
export type PostgresSettings = {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  /** A folder of its own; undefined takes one under the system's temporary folder, the same for the same port and user. */
  dataDir: string | undefined;
};

/** Throws a sentence when a setting is wrong. */
export function readSettings(env: NodeJS.ProcessEnv): PostgresSettings {
  const port = Number(env.PORT || 5432);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error(`PORT must be 1 to 65535, not ${env.PORT}`);
  const password = env.POSTGRES_PASSWORD;
  if (!password) throw new Error("set POSTGRES_PASSWORD, as with the postgres image");
  const user = env.POSTGRES_USER || "postgres";
  const settings = {
    host: env.HOST || "127.0.0.1",
    port,
    user,
    password,
    database: env.POSTGRES_DB || user,
    dataDir: env.DATA_DIR || undefined,
  };
  for (const [name, value] of Object.entries(settings)) {
    // They go into a command line, a password file and a line of SQL.
    if (typeof value === "string" && /[\0\r\n]/.test(value)) throw new Error(`${name} must be one line`);
  }
  return settings;
}
