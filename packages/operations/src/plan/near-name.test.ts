import { describe, expect, it } from 'vitest';
import { nearName } from './near-name.ts';

describe('nearName', () => {
  it.each([
    ['higmem', ['general', 'highmem'], 'highmem'],
    ['general-v2', ['general', 'highmem'], 'general'],
    ['web', ['web'], undefined],
    ['pool-x', ['pool-a', 'pool-b'], undefined],
    ['nvme', ['ssd', 'hdd'], undefined],
    ['ab', ['abcdef'], undefined],
    ['x', [], undefined],
  ])('%s of %j is %s', (asked, known, expected) => {
    expect(nearName(asked, known)).toBe(expected);
    expect(nearName(asked, known.toReversed())).toBe(expected);
  });
});
