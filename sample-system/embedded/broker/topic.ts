/** AMQP's topic rule: words divided by dots, `*` is one word, `#` is any number of words, also none. */
export function matchesTopic(pattern: string, routingKey: string): boolean {
  if (pattern === routingKey && !pattern.includes("#") && !pattern.includes("*")) return true;
  const words = routingKey === "" ? [] : routingKey.split(".");
  // reached[n]: the pattern so far fits the first n words. Linear in both, unlike trying every length of each `#`.
  let reached = [true, ...words.map(() => false)];
  for (const part of pattern === "" ? [] : pattern.split(".")) {
    const next = reached.map(() => false);
    for (let n = 0; n <= words.length; n++) {
      if (part === "#") next[n] = Boolean(reached[n] || (n > 0 && next[n - 1]));
      else if (n > 0) next[n] = Boolean(reached[n - 1] && (part === "*" || part === words[n - 1]));
    }
    reached = next;
  }
  return reached[words.length] ?? false;
}
