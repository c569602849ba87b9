import type { Entry } from "./message.ts";

/** What a queue can deliver, in order. Requeued entries are always older than those never delivered, so they come first. */
export class ReadyList {
  readonly #returned: Entry[] = [];
  #fresh: Entry[] = [];
  #head = 0;

  get size(): number {
    return this.#returned.length + this.#fresh.length - this.#head;
  }

  push(entry: Entry): void {
    this.#fresh.push(entry);
  }

  /** Back to its old place. */
  putBack(entry: Entry): void {
    let at = this.#returned.length;
    while (at > 0 && (this.#returned[at - 1]?.position ?? 0) > entry.position) at--;
    this.#returned.splice(at, 0, entry);
  }

  peek(): Entry | undefined {
    return this.#returned[0] ?? this.#fresh[this.#head];
  }

  shift(): Entry | undefined {
    if (this.#returned.length > 0) return this.#returned.shift();
    const entry = this.#fresh[this.#head];
    if (!entry) return undefined;
    this.#head++;
    // Array.shift would move everything each time; this does so once in a while.
    if (this.#head > 1_000 && this.#head * 2 > this.#fresh.length) {
      this.#fresh = this.#fresh.slice(this.#head);
      this.#head = 0;
    }
    return entry;
  }

  takeAll(): Entry[] {
    const all = [...this.#returned, ...this.#fresh.slice(this.#head)];
    this.#returned.length = 0;
    this.#fresh = [];
    this.#head = 0;
    return all;
  }
}
