import { expect, test } from "vitest";
import { createSingleFlight } from "./single-flight.ts";

test("who asks while it is being answered gets that answer; who asks afterwards asks anew", async () => {
  const flights = createSingleFlight();
  const gate = Promise.withResolvers<number>();
  const first = flights.run("a", () => gate.promise);
  const second = flights.run("a", async () => 2);
  const other = flights.run("b", async () => 3);
  gate.resolve(1);
  expect(await Promise.all([first.answer, second.answer, other.answer])).toEqual([1, 1, 3]);
  expect([first.joined, second.joined, other.joined]).toEqual([false, true, false]);
  expect(flights.run("a", async () => 4).joined).toBe(false);
});

test("a failure is shared, and the next one tries again", async () => {
  const flights = createSingleFlight();
  const gate = Promise.withResolvers<number>();
  const answers = [1, 2].map(() => flights.run("a", () => gate.promise).answer);
  gate.reject(new Error("down"));
  expect((await Promise.allSettled(answers)).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await flights.run("a", async () => 5).answer).toBe(5);
});

test("forgotten, what is on its way answers only those who asked before", async () => {
  const flights = createSingleFlight();
  const gate = Promise.withResolvers<string>();
  const before = flights.run("a", () => gate.promise);
  flights.forget("a");
  const after = flights.run("a", async () => "new");
  gate.resolve("old");
  expect(await Promise.all([before.answer, after.answer])).toEqual(["old", "new"]);
  expect(after.joined).toBe(false);
});
