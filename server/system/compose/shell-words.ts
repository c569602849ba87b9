/**
 * A command line as words, the way a shell splits it: blanks separate, quotes hold together, a backslash takes the next
 * character as it is (inside double quotes only before `"`, `\`, `$` and a backtick). Nothing is expanded. An open quote ends
 * with the text.
 */
export function toShellWords(line: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote: string | null = null;
  for (let at = 0; at < line.length; at++) {
    const character = line[at] ?? "";
    const next = line[at + 1];
    if (quote === "'") {
      if (character === "'") quote = null;
      else word += character;
    } else if (character === "\\" && next !== undefined && (quote === null || '"\\$`'.includes(next))) {
      word = (word ?? "") + next;
      at++;
    } else if (quote === '"') {
      if (character === '"') quote = null;
      else word += character;
    } else if (character === "'" || character === '"') {
      quote = character;
      word ??= "";
    } else if (/\s/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else {
      word = (word ?? "") + character;
    }
  }
  if (word !== null) words.push(word);
  return words;
}
