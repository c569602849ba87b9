import type { Shop } from "./shop.ts";

/**
 * What breaking one part must teach: the same fault without the patterns and with them, each asserted from what was measured.
 * A lesson is one file that exports one of these as `lesson`; it is found by its name, *.lesson.ts.
 */
export type Lesson = {
  /** "inventory, pause": the row of docs/corner-shop.md. */
  title: string;
  /** Played in containers, too. */
  starred?: boolean;
  /** Begins calm, with the preset naive in force. Absent where patterns make no difference. */
  naive?(shop: Shop): Promise<void>;
  /** Begins calm, with the preset hardened in force. */
  hardened(shop: Shop): Promise<void>;
};
