import { AppError } from "../../lib/app-error.ts";

/*
 * Compose's variable interpolation, as the compose specification describes it:
 *   $X  ${X}            the value, or nothing
 *   ${X:-d}  ${X-d}     d where X is empty or unset | unset
 *   ${X:+a}  ${X+a}     a where X is set and not empty | set
 *   ${X:?m}  ${X?m}     an error with message m where X is empty or unset | unset
 *   $$                  a dollar sign
 * d, a and m may hold references of their own.
 */

export type Variables = Record<string, string | undefined>;

/** Replaces every reference in `text`. `place` names the spot for the error sentence. Throws AppError `bad_request`. */
export function interpolate(text: string, variables: Variables, place: string): string {
  let result = "";
  let at = 0;
  while (at < text.length) {
    const dollar = text.indexOf("$", at);
    if (dollar < 0) return result + text.slice(at);
    result += text.slice(at, dollar);
    if (text[dollar + 1] === "$") {
      result += "$";
      at = dollar + 2;
      continue;
    }
    const name = /^[A-Za-z_][A-Za-z0-9_]*/.exec(text.slice(dollar + 1))?.[0];
    if (name) {
      result += variables[name] ?? "";
      at = dollar + 1 + name.length;
      continue;
    }
    const end = text[dollar + 1] === "{" ? toClosingBrace(text, dollar + 2) : -1;
    if (end < 0) throw malformed(text, place);
    result += toBraced(text.slice(dollar + 2, end), variables, place);
    at = end + 1;
  }
  return result;
}

function toBraced(expression: string, variables: Variables, place: string): string {
  const parts = /^([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-+?])([\s\S]*))?$/.exec(expression);
  if (!parts) throw malformed(`\${${expression}}`, place);
  const [, name = "", operator = "", operand = ""] = parts;
  const value = variables[name];
  const present = operator.startsWith(":") ? Boolean(value) : value !== undefined;
  const resolve = () => interpolate(operand, variables, place);
  if (operator.endsWith("-")) return present ? (value ?? "") : resolve();
  if (operator.endsWith("+")) return present ? resolve() : "";
  if (operator.endsWith("?") && !present) {
    const reason = resolve();
    throw new AppError(
      "bad_request",
      `${place} needs the variable ${name}${reason ? ` (${reason})` : ""}: set it in the environment and start again.`,
    );
  }
  return value ?? "";
}

/** The brace that closes the one before `from`, or -1. */
function toClosingBrace(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    if (text.startsWith("${", at)) depth++;
    else if (text[at] === "}" && --depth === 0) return at;
  }
  return -1;
}

function malformed(text: string, place: string): AppError {
  return new AppError(
    "bad_request",
    `${place} has a variable that cannot be read in "${text}": write \${NAME}, or $$ where a dollar sign is meant.`,
  );
}
