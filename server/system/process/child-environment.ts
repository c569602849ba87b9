import { delimiter, dirname } from "node:path";

/** What any program may expect of its machine. Nothing else of the dashboard's own environment reaches a component. */
const inherited = [
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "LANG",
  "LC_ALL",
  "TZ",
  "TMPDIR",
  "TEMP",
  "TMP",
  "SYSTEMROOT",
  "COMSPEC",
  "PATHEXT",
  "USERPROFILE",
  "APPDATA",
  "LOCALAPPDATA",
];

/** The environment of a child process: the machine's basics, with this Node first on the PATH, then `own`, which wins. */
export function toChildEnvironment(machine: NodeJS.ProcessEnv, own: Record<string, string>): Record<string, string> {
  const basics = inherited.flatMap((key): [string, string][] => {
    const value = machine[key];
    return value === undefined ? [] : [[key, value]];
  });
  const environment = { ...Object.fromEntries(basics), ...own };
  environment.PATH = [dirname(process.execPath), environment.PATH].filter(Boolean).join(delimiter);
  return environment;
}
