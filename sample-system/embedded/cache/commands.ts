import type { Keyspace } from "./keyspace.ts";
import { bulk, error, integer, list, NIL, OK, PONG } from "./replies.ts";
import { toSetOptions } from "./set-options.ts";

/** What the cache can do. `least` and `most`: how many arguments a command takes. Replies and refusals are Valkey's. */
type Command = { least: number; most: number; run(keys: Keyspace, arguments_: string[]): Buffer };
export type Answer = { reply: Buffer; hangUp?: boolean };

const any = Number.POSITIVE_INFINITY;
const VERSION = "8.0.0";

const commands: Record<string, Command> = {
  ping: { least: 0, most: 1, run: (_keys, [text]) => (text === undefined ? PONG : bulk(text)) },
  get: { least: 1, most: 1, run: (keys, [key = ""]) => toBulk(keys.get(key)) },
  set: { least: 2, most: any, run: set },
  del: { least: 1, most: any, run: (keys, names) => integer(names.filter((name) => keys.delete(name)).length) },
  exists: {
    least: 1,
    most: any,
    run: (keys, names) => integer(names.filter((name) => keys.expiry(name) !== undefined).length),
  },
  pttl: { least: 1, most: 1, run: (keys, [key = ""]) => integer(toPttl(keys.expiry(key))) },
  dbsize: { least: 0, most: 0, run: (keys) => integer(keys.size) },
  flushall: { least: 0, most: 1, run: flush },
  flushdb: { least: 0, most: 1, run: flush },
  // What clients say of themselves, and ask, when they connect.
  select: { least: 1, most: 1, run: (_keys, [index]) => (index === "0" ? OK : error("ERR DB index is out of range")) },
  client: { least: 1, most: any, run: client },
  hello: { least: 0, most: any, run: hello },
  info: { least: 0, most: any, run: () => bulk(`# Server\r\nvalkey_version:${VERSION}\r\nloading:0\r\n`) },
  command: { least: 0, most: any, run: () => list([]) },
};

/** `request`: the command's name and its arguments. */
export function run(keys: Keyspace, [name = "", ...rest]: string[]): Answer {
  const called = name.toLowerCase();
  if (called === "quit") return { reply: OK, hangUp: true };
  const command = Object.hasOwn(commands, called) ? commands[called] : undefined;
  if (!command) return { reply: error(`ERR unknown command '${name.slice(0, 128)}'`) };
  if (rest.length < command.least || rest.length > command.most) {
    return { reply: error(`ERR wrong number of arguments for '${called}' command`) };
  }
  return { reply: command.run(keys, rest) };
}

/** SET key value [NX | XX] [EX s | PX ms] */
function set(keys: Keyspace, [key = "", value = "", ...words]: string[]): Buffer {
  const options = toSetOptions(words, Date.now());
  if ("refusal" in options) return error(options.refusal);
  const exists = keys.expiry(key) !== undefined;
  if ((options.only === "new" && exists) || (options.only === "existing" && !exists)) return NIL;
  keys.set(key, value, options.expiresAt);
  return OK;
}

function flush(keys: Keyspace, [how = "sync"]: string[]): Buffer {
  if (!["sync", "async"].includes(how.toLowerCase())) return error("ERR syntax error");
  keys.clear();
  return OK;
}

function client(_keys: Keyspace, [what = ""]: string[]): Buffer {
  if (["setname", "setinfo"].includes(what.toLowerCase())) return OK;
  return error(`ERR unknown subcommand '${what.slice(0, 128)}'. Try CLIENT HELP.`);
}

function hello(_keys: Keyspace, [protocol = "2"]: string[]): Buffer {
  if (protocol !== "2") return error("NOPROTO unsupported protocol version");
  return list([bulk("server"), bulk("valkey"), bulk("version"), bulk(VERSION), bulk("proto"), integer(2)]);
}

function toBulk(value: string | undefined): Buffer {
  return value === undefined ? NIL : bulk(value);
}

/** Valkey's: -2 not there, -1 for ever. */
function toPttl(expiresAt: number | undefined): number {
  if (expiresAt === undefined) return -2;
  return expiresAt === Number.POSITIVE_INFINITY ? -1 : Math.max(0, expiresAt - Date.now());
}
