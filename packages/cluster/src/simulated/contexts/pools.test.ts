import { expect, it } from 'vitest';
import { POOLS, type Pools } from './pools.ts';

/** Everything that can end up in a cluster, as text. */
function wordsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(wordsOf);
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(wordsOf) : [];
}

const keys = Object.keys(POOLS.training) as (keyof Pools)[];

// Letters of zones are the cloud's own.
it.each(keys.filter((key) => key !== 'regions'))('training and held-out share none of their %s', (key) => {
  const training = new Set(wordsOf(POOLS.training[key]));
  expect(wordsOf(POOLS['held-out'][key]).filter((word) => training.has(word))).toEqual([]);
});

it('training and held-out share no region', () => {
  const training = new Set(POOLS.training.regions.map(([region]) => region));
  expect(POOLS['held-out'].regions.filter(([region]) => training.has(region))).toEqual([]);
});
