import { expect, test } from "vitest";
import { toQuote } from "./quote.ts";

test.each([
  [1, { cents: 405, days: 2 }],
  [20, { cents: 690, days: 2 }],
  [21, { cents: 705, days: 3 }],
  [90, { cents: 1_740, days: 3 }],
  [91, null],
])("the quote for %i", (quantity, quote) => {
  expect(toQuote(quantity)).toEqual(quote);
});
