import { describe, expect, it } from 'vitest';
import type { Answer } from './conformance-case.ts';
import { ABSENT } from './conformance-case.ts';
import { CORPUS } from './corpus.ts';
import { differences } from './expectation.ts';
import { runCase } from './run-case.ts';
import { simulatedTarget } from './simulated-target.ts';

const CASES = Object.entries(CORPUS).flatMap(([area, cases]) => cases.map((one) => ({ area, ...one })));

describe('The simulated cluster', () => {
  it.each(CASES)('$area: $name', async (one) => {
    await expect(runCase(simulatedTarget(one), one)).resolves.toBeUndefined();
  });

  it('is held against cases with names of their own and sources', () => {
    expect(new Set(CASES.map(({ name }) => name)).size).toBe(CASES.length);
    for (const { source } of CASES)
      expect(source).toMatch(/^https:\/\/kubernetes\.io\/|^(pkg|staging|cmd|plugin|test)\//);
  });
});

describe('differences', () => {
  const answer: Answer = {
    code: 200,
    body: { spec: { replicas: 3, names: ['a', 'b'] }, items: [{ metadata: { name: 'web' } }] },
  };

  it.each([
    { code: 200 },
    { body: { spec: { replicas: 3 } } },
    { body: { spec: { names: [/^a$/, 'b'] }, status: ABSENT } },
    { some: [{ metadata: { name: 'web' } }], none: [{ metadata: { name: 'api' } }], count: 1, names: ['web'] },
  ])('finds none where the answer has at least what is expected: %j', (expected) => {
    expect(differences(answer, expected)).toEqual([]);
  });

  it.each([
    { code: 404 },
    { reason: 'NotFound' },
    { message: 'gone' },
    { body: { spec: { replicas: 2 } } },
    { body: { spec: { names: ['a'] } } },
    { body: { spec: { names: ['b', 'a'] } } },
    { body: { spec: ABSENT } },
    { body: { spec: { names: [/x/, 'b'] } } },
    { some: [{ metadata: { name: 'api' } }] },
    { none: [{ metadata: {} }] },
    { count: 2 },
    { names: [] },
    { events: [] },
  ])('finds one where it has not: %j', (expected) => {
    expect(differences(answer, expected).length).toBeGreaterThan(0);
  });

  it('takes any success, and no failure, where no code is expected', () => {
    expect(differences({ code: 201, body: {} }, {})).toEqual([]);
    expect(differences({ code: 404, body: {} }, {})).toHaveLength(1);
  });
});
