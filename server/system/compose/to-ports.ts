/** The container ports named by `expose` or `ports`: numbers, `host:container`, ranges, `{target}`; TCP only. */
export function toPorts(entries: unknown[]): number[] {
  return entries.flatMap((entry) => {
    if (typeof entry === "number") return isPort(entry) ? [entry] : [];
    if (typeof entry === "string") return toPortRange(entry);
    if (typeof entry !== "object" || entry === null) return [];
    const { target, protocol } = entry as { target?: unknown; protocol?: unknown };
    return protocol === "udp" ? [] : toPortRange(String(target));
  });
}

/** A range longer than this is a mistake, or nothing that anybody draws. */
const LONGEST_RANGE = 100;

function toPortRange(text: string): number[] {
  const [address = "", protocol] = text.trim().split("/");
  if (protocol === "udp") return [];
  const range = /(?:^|:)(\d{1,5})(?:-(\d{1,5}))?$/.exec(address);
  if (!range) return [];
  const first = Number(range[1]);
  const last = Math.min(Number(range[2] ?? first), first + LONGEST_RANGE - 1);
  const ports: number[] = [];
  for (let port = first; port <= last; port++) if (isPort(port)) ports.push(port);
  return ports;
}

export function isPort(value: number): boolean {
  return Number.isInteger(value) && value > 0 && value <= 65_535;
}
