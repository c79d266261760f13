import type { Condition } from '@aia/contract';
import { describe, expect, it } from 'vitest';
import { conditionTexts } from './condition-text.ts';

const target = (name: string, kind = 'Service') => ({ group: '', kind, namespace: 'shop', name });
const endpoints = (name: string): Condition => ({ kind: 'endpoints', target: target(name) });
const isThere = (name: string): Condition => ({ kind: 'exists', target: target(name, 'Secret') });

describe('conditions', () => {
  it('that say the same of three objects and more stand in one line, where the first stands', () => {
    expect(conditionTexts([endpoints('a'), isThere('x'), endpoints('b'), isThere('y'), endpoints('c')])).toEqual([
      'each of Service shop/a, Service shop/b, Service shop/c has ready endpoints',
      'Secret shop/x is there',
      'Secret shop/y is there',
    ]);
  });

  it('are told once', () => {
    expect(conditionTexts([endpoints('a'), endpoints('a'), endpoints('a')])).toEqual([
      'Service shop/a has ready endpoints',
    ]);
  });

  it('without an object stand as they are', () => {
    const room: Condition = { kind: 'quota-room', metric: 'CPUS', region: 'r', amount: 1 };
    expect(conditionTexts([room, { ...room, amount: 2 }, { ...room, amount: 3 }])).toHaveLength(3);
  });
});
