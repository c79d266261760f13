/** Names that somebody may have meant. */

/** How many of the known names are told where none is near. */
const TOLD = 12;

/** `; did you mean a?` where names are near, else `; there are a, b, …`, else nothing. */
export function nearest(asked: string, known: readonly string[]): string {
  const farthest = Math.max(2, Math.floor(asked.length / 4));
  const near = [...new Set(known)]
    .map((name) => ({ name, distance: editDistance(asked.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= farthest || isPart(asked, name))
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, 3);
  if (near.length > 0) return `; did you mean ${near.map(({ name }) => name).join(' or ')}?`;
  if (known.length === 0) return '; there is none';
  const told = [...new Set(known)].sort();
  const more = told.length > TOLD ? ` and ${told.length - TOLD} more` : '';
  return `; there are ${told.slice(0, TOLD).join(', ')}${more}`;
}

/** A name without its namespace, or the beginning of one. */
function isPart(asked: string, name: string): boolean {
  return asked.length >= 3 && name.toLowerCase().includes(asked.toLowerCase());
}

/** Letters to insert, delete or replace (Levenshtein). */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
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
