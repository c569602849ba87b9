// biome-ignore-all lint/suspicious/noTemplateCurlyInString: compose's variables look like that.
import { describe, expect, it } from "vitest";
import { interpolate } from "./interpolate.ts";

const variables = { SET: "value", EMPTY: "", NESTED: "inner" };

describe("interpolation", () => {
  it.each([
    ["plain", "plain"],
    ["$SET", "value"],
    ["a${SET}b", "avalueb"],
    ["$SET-tail", "value-tail"],
    ["$UNSET", ""],
    ["${UNSET}", ""],
    ["${UNSET:-d}", "d"],
    ["${EMPTY:-d}", "d"],
    ["${EMPTY-d}", ""],
    ["${UNSET-d}", "d"],
    ["${SET:-d}", "value"],
    ["${SET:+alt}", "alt"],
    ["${EMPTY:+alt}", ""],
    ["${EMPTY+alt}", "alt"],
    ["${UNSET+alt}", ""],
    ["${SET:?needed}", "value"],
    ["${EMPTY?needed}", ""],
    ["${UNSET:-${NESTED}}", "inner"],
    ["${UNSET:-${ALSO:-deep}}!", "deep!"],
    ["${UNSET:-}", ""],
    ["${UNSET:-a:b-c}", "a:b-c"],
    ["$$SET", "$SET"],
    ["$$$SET", "$value"],
    ["cost $$5", "cost $5"],
    ["127.0.0.1:${PORT:-4000}:4000", "127.0.0.1:4000:4000"],
  ])("%s becomes %s", (text, expected) => {
    expect(interpolate(text, variables, "here")).toBe(expected);
  });

  it("does not interpolate what a variable holds", () => {
    expect(interpolate("$A", { A: "$B", B: "no" }, "here")).toBe("$B");
  });

  it.each([
    [
      "${UNSET:?set it to a URL}",
      "here needs the variable UNSET (set it to a URL): set it in the environment and start again.",
    ],
    ["${EMPTY:?}", "here needs the variable EMPTY: set it in the environment and start again."],
  ])("%s is refused by name", (text, message) => {
    expect(() => interpolate(text, variables, "here")).toThrow(message);
  });

  it.each(["${SET", "a $ b", "$(date)", "${}", "${1X}", "${A B}", "$"])(
    "%s cannot be read, and that is said with the place",
    (text) => {
      expect(() => interpolate(text, variables, "service a, command")).toThrow(
        /^service a, command has a variable that cannot be read/,
      );
    },
  );
});
