import { expect, test } from "vitest";
import { createRetryBudget } from "./retry-budget.ts";

let now = 1_000_000;
function budgetAfter(calls: number) {
  const budget = createRetryBudget(() => now);
  for (let n = 0; n < calls; n++) budget.called();
  return budget;
}
const spendAll = (budget: ReturnType<typeof budgetAfter>, percent: number) => {
  let spent = 0;
  while (spent < 1_000 && budget.spend(percent)) spent += 1;
  return spent;
};

test.each([
  [9, 10, 0],
  [10, 10, 1],
  [100, 10, 10],
  [100, 0, 0],
  [7, 50, 3],
  [1, 100, 1_000],
])("after %i calls, %i %% of retries are %i", (calls, percent, expected) => {
  expect(spendAll(budgetAfter(calls), percent)).toBe(expected);
});

test("calls and retries of more than ten seconds ago do not count", () => {
  const budget = budgetAfter(100);
  expect(spendAll(budget, 10)).toBe(10);
  now += 10_000;
  expect(spendAll(budget, 10)).toBe(0);
  for (let n = 0; n < 20; n++) budget.called();
  expect(spendAll(budget, 10)).toBe(2);
});
