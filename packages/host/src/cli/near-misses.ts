/** Names that somebody may have meant. */

const SUGGESTIONS = 4;

/** Names that are called otherwise elsewhere or spell the word together, then those that share most words, then those spelt alike. */
export function nearMisses(
  asked: string,
  names: readonly string[],
  isAlias: (name: string, asked: string) => boolean = () => false,
): readonly string[] {
  const wanted = kebab(asked.slice(0, 100));
  const lower = asked.toLowerCase();
  const words = new Set(wanted.split('-').filter((word) => word.length > 2));
  return names
    .map((name) => ({
      name,
      isNamed: isAlias(name, lower) || (lower.length > 4 && name.replaceAll('-', '').includes(lower)),
      distance: editDistance(wanted, name) - 3 * name.split('-').filter((word) => words.has(word)).length,
    }))
    .sort((a, b) => Number(b.isNamed) - Number(a.isNamed) || a.distance - b.distance)
    .slice(0, SUGGESTIONS)
    .map(({ name }) => name);
}

/** Kubernetes' reasons in the way of codes: `OOMKilled` → `oom-killed`. */
function kebab(text: string): string {
  return text.replace(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '-').toLowerCase();
}

/** Letters to insert, delete or replace (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
