import { expect, it } from 'vitest';
import { FAULT_KINDS } from './catalogue.ts';
import { OUTSIDE } from './outside.ts';

it('names kinds of fault alone', () => {
  expect(Object.keys(OUTSIDE).filter((name) => !FAULT_KINDS.has(name))).toEqual([]);
});
