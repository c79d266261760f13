/** Names as people write them in files: `*` stands for any text. */

/** Whether a text is what a pattern says, without regard to case. Linear: each piece is looked for once, from left to right. */
export function patternOf(pattern: string): (text: string) => boolean {
  const pieces = pattern.trim().replace(/\s+/g, ' ').toLowerCase().split('*');
  const [first = '', ...rest] = pieces;
  const last = rest.pop();
  return (given) => {
    const text = given.toLowerCase();
    if (last === undefined) return text === first;
    if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
    let at = first.length;
    for (const piece of rest) {
      const found = text.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return at <= text.length - last.length;
  };
}
