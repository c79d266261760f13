/** Names that somebody may have meant. */
import { editDistance } from '@aia/cluster';

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
