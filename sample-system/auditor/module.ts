import type { Module } from "../kit/module.ts";
import { createBooks, forgetOld, type Service } from "./books.ts";
import { createViolationGauge } from "./gauge.ts";
import { createInvariants } from "./invariants/registry.ts";
import { createJudge } from "./judge.ts";
import { createReader } from "./read-books.ts";
import { createTeller } from "./tell.ts";

const READ_EVERY_MS = 1_000;

/** Auditor: whether the books of all services agree. It owns nothing, and nobody waits for it. */
export function createAuditor(addresses: Record<Service, string>): Module {
  const reader = createReader(addresses);
  const judges = createInvariants().map(createJudge);
  const tell = createTeller();
  const gauge = createViolationGauge();
  let books = createBooks();
  /** Readings of before a reset are not judged after it. */
  let epoch = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  async function look() {
    const begun = epoch;
    const silent = await reader.readAll(books);
    if (begun === epoch) {
      const now = Date.now();
      const offenders = new Set<string>();
      for (const { judge } of judges) {
        const verdict = judge(books, now, silent);
        for (const { id } of verdict.violations) offenders.add(id);
        tell(verdict, now);
        gauge.set(verdict.name, verdict.violations.length);
      }
      forgetOld(books, now, offenders);
    }
    if (!closed) timer = setTimeout(() => void look(), READ_EVERY_MS);
  }
  void look();

  return {
    name: "auditor",
    addRoutes() {},
    needs: [],
    async reset() {
      epoch += 1;
      books = createBooks();
      reader.reset();
      for (const judge of judges) judge.reset();
    },
    parts: [
      {
        close() {
          closed = true;
          clearTimeout(timer);
        },
      },
      gauge,
    ],
  };
}
