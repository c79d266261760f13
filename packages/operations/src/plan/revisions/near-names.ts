/** Names that were meant by names that are wrong. */
import { compare, editDistance } from '@aia/cluster';

/** A name that is there, and how sure it is that it was meant. */
export interface NearName {
  readonly name: string;
  /** 0..1 */
  readonly confidence: number;
}

/** Shorter names are alike by chance. */
const LEAST = 4;
/** Keys are words more often than names are: `HOST` is no slip of `POST`, nor `EXPORT` of `PORT`. */
const SHORT = 5;
const LONG = 8;
/** Of two edits that are no two letters that changed places. */
const UNLIKE = 0.7;
/** As generators of kustomize end names: `settings-7bf2c9m5h2`. */
const HASH = /-[bcdfghkmt2456789]{10}$/;

/** The one name that a wrong one is a slip of the pen of; `undefined` where there is none, or several. */
export function nearName(wrong: string, names: readonly string[]): NearName | undefined {
  return nearest(names, (name) => {
    if (HASH.test(wrong) && HASH.test(name) && wrong.replace(HASH, '') === name.replace(HASH, '')) return 0.9;
    return slip(wrong, name);
  });
}

/** Words that are put before a key without changing what it means. */
const GENERIC: ReadonlySet<string> = new Set([
  ...['app', 'application', 'config', 'conf', 'cfg', 'env', 'settings', 'default', 'common', 'service'],
]);

/** The one key that means the same as another: written otherwise (`DATABASE_HOST`, `database-host`, `app.DATABASE_HOST`), or mistyped. */
export function nearKey(wrong: string, keys: readonly string[]): NearName | undefined {
  return nearest(keys, (key) => {
    if (plain(wrong) === plain(key)) return 0.95;
    if (isQualified(wrong, key) || isQualified(key, wrong)) return 0.8;
    const likeness = slip(wrong, key);
    return Math.min(wrong.length, key.length) >= (likeness === UNLIKE ? LONG : SHORT) ? likeness : 0;
  });
}

/** Whether a key is another one with a name before it that tells nothing: `app.TIMEOUT`, but not `DB_PORT` of `PORT`. */
function isQualified(key: string, whole: string): boolean {
  const [own, words] = [plain(key), wordsOf(whole)];
  if (own.length < LEAST) return false;
  const before = words.findIndex((_, i) => words.slice(i).join('') === own);
  if (before < 1) return false;
  const isPath = wordsOf(key).length > 1 && /[./]/.test(whole);
  return isPath || words.slice(0, before).every((word) => GENERIC.has(word));
}

function wordsOf(key: string): readonly string[] {
  const words = key.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return words.split(/[^a-z0-9]+/).filter((word) => word !== '');
}

function nearest(names: readonly string[], confidenceOf: (name: string) => number): NearName | undefined {
  const [best, second] = [...new Set(names)]
    .map((name) => ({ name, confidence: confidenceOf(name) }))
    .filter(({ confidence }) => confidence > 0)
    .sort((a, b) => b.confidence - a.confidence || compare(a.name, b.name));
  return best === undefined || second?.confidence === best.confidence ? undefined : best;
}

/** Two letters that changed places count as one slip, as two edits do. */
function slip(wrong: string, name: string): number {
  if (wrong === name || Math.min(wrong.length, name.length) < LEAST || Math.max(wrong.length, name.length) > 253)
    return 0;
  const distance = editDistance(wrong, name);
  if (distance > 2) return 0;
  // Numbers tell things apart: `worker-1` is no slip of `worker-2`.
  if (wrong.replace(/\d+/g, '#') === name.replace(/\d+/g, '#')) return 0;
  return distance === 1 ? 0.85 : sortedLetters(wrong) === sortedLetters(name) ? 0.9 : UNLIKE;
}

function sortedLetters(text: string): string {
  return [...text].sort().join('');
}

function plain(key: string): string {
  return key.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
