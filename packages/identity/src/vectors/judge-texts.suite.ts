/** Judges files that are given as text, in a page as well: there only noble is there to be held against them. */
import type { VectorInput } from './case.suite.ts';
import { judge, recognise, type Judged } from './judge.suite.ts';
import { subject as noble } from './noble-subject.suite.ts';

/** Texts by path. */
export type Texts = Readonly<Record<string, string>>;

/** What became of each file that has a known shape, on noble. */
export async function judgeTexts(texts: Texts, at: number): Promise<readonly Judged[]> {
  const judged = new Map<string, Judged>();
  for (const path of Object.keys(texts).sort()) {
    const known = recognise(inputOf(path, texts, at));
    if (known === undefined) continue;
    const whole = known.belongsTo === undefined ? path : beside(path, known.belongsTo);
    const key = `${known.format.name} ${whole}`;
    if (!judged.has(key)) judged.set(key, await judge(known.format, inputOf(whole, texts, at), [noble]));
  }
  return [...judged.values()];
}

function inputOf(path: string, texts: Texts, at: number): VectorInput {
  const folder = beside(path, '.');
  const text = texts[path] ?? '';
  return {
    ...{ path, text, json: parsed(text), at },
    names: Object.keys(texts).flatMap((other) => (beside(other, '.') === folder ? other.slice(folder.length) : [])),
    beside: (other) => texts[beside(path, other)],
  };
}

/** A path from the folder of another one. */
function beside(path: string, other: string): string {
  return decodeURIComponent(new URL(encodeURI(other), `file:///${encodeURI(path)}`).pathname.slice(1));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
