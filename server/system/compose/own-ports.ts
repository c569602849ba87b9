import { isPort } from "./to-ports.ts";

const addressSuffixes = ["HOST", "HOSTNAME", "SERVER", "ADDR", "ADDRESS", "URL", "ENDPOINT"];
const localAddress = /^(|0\.0\.0\.0|\[?::1?\]?|localhost|127\.\d+\.\d+\.\d+)$/;

/**
 * The variables that tell a service which port to bind: `PORT`, and every `X_PORT` that has no `X_HOST`, `X_URL` or the like
 * beside it which names another machine (`SMTP_PORT` beside `SMTP_HOST: mail.example.org` is somebody else's port).
 */
export function findOwnPorts(
  service: string,
  environment: Record<string, string>,
): { variable: string; port: number }[] {
  return Object.entries(environment).flatMap(([variable, value]) => {
    const prefix = /^(.*_)?PORT$/.exec(variable)?.[1] ?? "";
    if (!/^(.*_)?PORT$/.test(variable) || !/^\d+$/.test(value) || !isPort(Number(value))) return [];
    const elsewhere = addressSuffixes.some((suffix) => {
      const address = environment[prefix + suffix];
      return address !== undefined && address !== service && !localAddress.test(address);
    });
    return elsewhere ? [] : [{ variable, port: Number(value) }];
  });
}
