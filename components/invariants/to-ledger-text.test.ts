import { expect, test } from "vitest";
import { toLedgerText } from "./to-ledger-text.ts";

test.each([
  [["holds", "holds"], "all 2 hold"],
  [["broken", "holds"], "I1 broken"],
  [["broken", "waiting", "broken"], "2 broken, I2 waiting"],
] as const)("%j reads %s", (states, text) => {
  expect(toLedgerText(states.map((state, index) => ({ name: `I${index + 1}`, state })))).toBe(text);
});
